/** Three things to try, each of which leaves something to be seen on the phone. */
import type { Text } from '../../../core/text/text.ts';
import type { ApiAnswer } from '../../control/types/index.ts';
import { postControl } from '../control.ts';
import { callback, chat, person, pushes } from '../live.ts';
import { Box, Button } from '../parts/box.tsx';
import { notify } from '../parts/notice.ts';
import { follow, send } from '../phone/index.tsx';
import { say } from '../words.ts';

interface Trial {
  readonly label: Text;
  /** What comes of it. */
  readonly leaves: () => Text;
  /** Whether that has come. */
  readonly isDone: () => boolean;
  readonly run: () => Promise<unknown>;
}

const trials: readonly Trial[] = [
  {
    label: { en: 'Push the sample menu', zh: '推送示例菜单' },
    leaves: () => ({ en: 'Followers see it at the bottom of the chat', zh: '关注后显示在聊天窗口底部' }),
    isDone: () => (person.value?.subscribed ?? false) && (chat.value?.menu ?? []).length > 0,
    run: pushSampleMenu,
  },
  {
    label: { en: 'Follow the account', zh: '关注公众号' },
    leaves: () =>
      hasServer()
        ? { en: 'Your server receives a subscribe event', zh: '服务器会收到 subscribe 事件' }
        : {
            en: 'Your server, once it is set below, receives a subscribe event',
            zh: '在下方设置服务器后，会收到 subscribe 事件',
          },
    isDone: () =>
      pushes.value.some(
        ({ event, openid, state: came }) =>
          event === 'subscribe' && openid === person.value?.openid && came === 'answered',
      ),
    run: follow,
  },
  {
    label: { en: 'Send a message', zh: '发送一条消息' },
    leaves: () =>
      hasServer()
        ? { en: 'The reply appears in the chat', zh: '回复显示在聊天中' }
        : {
            en: 'The reply of your server, once it is set below, appears in the chat',
            zh: '在下方设置服务器后，服务器的回复显示在聊天中',
          },
    isDone: hasReply,
    run: sendGreeting,
  },
];

function hasServer(): boolean {
  return (callback.value?.url ?? null) !== null;
}

/** A passive reply to what the person wrote, or what the account said afterwards by itself. */
function hasReply(): boolean {
  const messages = chat.value?.messages ?? [];
  const wrote = messages.filter(({ from }) => from === 'person');
  return messages.some(({ origin, id, push_id: push }) => {
    if (origin === 'custom') return wrote.some((message) => message.id < id);
    return ['reply', 'autoreply'].includes(origin) && wrote.some((message) => message.push_id === push);
  });
}

export function TryIt() {
  return (
    <Box
      id="try"
      title={{ en: 'Try it', zh: '试一试' }}
      hint={{
        en: 'The phone shows what a follower sees, Requests every call and push behind it',
        zh: '手机上是用户看到的效果，“请求记录”中是背后的每次调用和推送',
      }}
    >
      <ol class="trials">
        {trials.map(({ label, leaves, isDone, run }) => (
          <li key={label.en}>
            <Button text={label} act={run} />
            <span class="hint">
              {isDone() && (
                <span class="done">
                  <span aria-hidden="true">✓ </span>
                  <span class="sr">{say({ en: 'Done:', zh: '已完成：' })}</span>
                </span>
              )}
              {say(leaves())}
            </span>
          </li>
        ))}
      </ol>
    </Box>
  );
}

async function pushSampleMenu(): Promise<void> {
  const menu = {
    button: [
      { type: 'click', ...sample.today },
      { ...sample.more, sub_button: sample.rest },
    ],
  };
  const names = JSON.stringify(menu, (_key, value: unknown) => (isText(value) ? say(value) : value));
  const { errcode, explanation } = await postControl<ApiAnswer>('call', {
    method: 'POST',
    path: '/cgi-bin/menu/create',
    body: JSON.parse(names) as unknown,
  });
  if (errcode !== 0) notify(explanation?.meaning ?? refused, true);
  else notify({ en: 'Menu pushed', zh: '菜单已推送' });
}

const refused: Text = { en: 'The menu was refused: see Requests', zh: '菜单未生效：请查看“请求记录”' };

function isText(value: unknown): value is Text {
  return typeof value === 'object' && value !== null && 'en' in value && 'zh' in value;
}

const sample = {
  today: { name: { en: 'Today', zh: '今日推荐' }, key: 'V1001_TODAY' },
  more: { name: { en: 'More', zh: '更多' } },
  rest: [
    { type: 'view', name: { en: 'Website', zh: '官网' }, url: 'https://example.com/' },
    { type: 'scancode_waitmsg', name: { en: 'Scan', zh: '扫码' }, key: 'SCAN' },
    { type: 'click', name: { en: 'Like us', zh: '赞一下我们' }, key: 'V1001_GOOD' },
  ],
} as const;

/** Only followers can write. */
async function sendGreeting(): Promise<void> {
  if (!(person.value?.subscribed ?? false) && !(await follow())) return;
  await send({ type: 'text', text: say({ en: 'hello', zh: '你好' }) });
}
