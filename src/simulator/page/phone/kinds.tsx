/** Everything besides text that a person can send, and what the platform asks people. */
import type { Text } from '../../../core/text/text.ts';
import type { SampleView, SubscriptionView, TemplatesView } from '../../control/types/index.ts';
import { postControl, readControl } from '../control.ts';
import { person } from '../live.ts';
import { askFor } from '../parts/field-dialog.tsx';
import type { Field, Values } from '../parts/form.tsx';
import { attempt } from '../parts/notice.ts';
import { say } from '../words.ts';
import { reportLocation, send, subscribe } from './actions.ts';
import { placeFields, readPlace } from './places.ts';

export function Kinds({ onChoose }: { onChoose: () => void }) {
  return (
    <ul class="kinds">
      {kinds.map((kind) => (
        <li key={kind.title.en}>
          <button
            type="button"
            onClick={() => {
              onChoose();
              kind.start();
            }}
          >
            <span class="kind-sign" aria-hidden="true">
              {kind.sign}
            </span>
            {say(kind.title)}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface Kind {
  readonly title: Text;
  readonly sign: string;
  start(): void;
}

function asking(title: Text, sign: string, fields: readonly Field[], submit: (values: Values) => void): Kind {
  const action = { en: 'Send', zh: '发送' };
  return { title, sign, start: () => askFor({ title, action, fields, submit }) };
}

const linkFields: readonly Field[] = [
  { name: 'title', label: { en: 'Title', zh: '标题' }, value: '公众平台官网', required: true },
  { name: 'description', label: { en: 'Description', zh: '描述' } },
  {
    name: 'url',
    label: { en: 'Address', zh: '链接' },
    value: 'https://mp.weixin.qq.com/',
    required: true,
  },
];

function fileField(accept: string): Field {
  return {
    name: 'data',
    label: { en: 'File', zh: '文件' },
    kind: 'file',
    accept,
    hint: { en: 'Leave empty to send a small sample', zh: '不选择文件时，由模拟器生成一个小文件' },
  };
}

const miniProgramFields: readonly Field[] = [
  { name: 'title', label: { en: 'Title', zh: '标题' }, value: '小程序', required: true },
  { name: 'pagepath', label: { en: 'Page', zh: '页面路径' }, value: 'pages/index/index' },
];

const kinds: readonly Kind[] = [
  asking(
    { en: 'Picture', zh: '图片' },
    '▣',
    [fileField('image/*')],
    ({ data }) => void send({ type: 'image', ...(data !== undefined && { data }) }),
  ),
  asking(
    { en: 'Voice', zh: '语音' },
    '◖',
    [
      fileField('audio/*,.amr'),
      {
        name: 'recognition',
        label: { en: 'Recognised speech (optional)', zh: '语音识别结果（可为空）' },
        value: '腾讯微信团队',
      },
    ],
    ({ recognition = '', data }) =>
      void send({
        type: 'voice',
        ...(data !== undefined && { data }),
        ...(recognition !== '' && { recognition }),
      }),
  ),
  asking(
    { en: 'Video', zh: '视频' },
    '▶',
    [fileField('video/mp4')],
    ({ data }) => void send({ type: 'video', ...(data !== undefined && { data }) }),
  ),
  asking(
    { en: 'Short video', zh: '小视频' },
    '▷',
    [fileField('video/mp4')],
    ({ data }) => void send({ type: 'shortvideo', ...(data !== undefined && { data }) }),
  ),
  asking(
    { en: 'Location', zh: '位置' },
    '⊙',
    placeFields,
    (values) => void send({ type: 'location', ...readPlace(values) }),
  ),
  asking(
    { en: 'Link', zh: '链接' },
    '↗',
    linkFields,
    ({ title = '', description = '', url = '' }) => void send({ type: 'link', title, description, url }),
  ),
  asking(
    { en: 'Report location', zh: '上报位置' },
    '◉',
    placeFields.slice(0, 2),
    (values) => void reportLocation(readPlace(values)),
  ),
  asking(
    { en: 'Mini program', zh: '小程序' },
    '◎',
    miniProgramFields,
    ({ title = '', pagepath = '' }) =>
      void send({ type: 'miniprogrampage', title, ...(pagepath !== '' && { pagepath }) }),
  ),
  { title: { en: 'Subscribe', zh: '订阅通知' }, sign: '✓', start: () => void askToSubscribe() },
  { title: { en: 'Any push', zh: '任意推送' }, sign: '⋯', start: () => void chooseSample() },
];

const where: Field = {
  name: 'where',
  label: { en: 'Where', zh: '位置' },
  kind: 'select',
  value: 'page',
  options: [
    { value: 'page', label: { en: 'Pop-up on a web page', zh: '网页中的弹窗' } },
    { value: 'article', label: { en: 'Pop-up in an article', zh: '图文中的弹窗' } },
    { value: 'settings', label: { en: 'Settings of the account', zh: '公众号的设置页' } },
  ],
};

/** The pop-up of 订阅通知, or the settings of the account. Asks for each template that the account has; what is not ticked is refused. */
async function askToSubscribe(): Promise<void> {
  const openid = person.value?.openid;
  if (openid === undefined) return;
  await attempt(async () => {
    const [{ subscription }, answers] = await Promise.all([
      readControl<TemplatesView>('templates'),
      readControl<readonly SubscriptionView[]>(`chats/${encodeURIComponent(openid)}/subscriptions`),
    ]);
    const refused = new Set(
      answers.filter(({ status }) => status === 'reject').map((each) => each.template_id),
    );
    askFor({
      title: { en: 'Messages from the account', zh: '订阅通知' },
      action: { en: 'Confirm', zh: '确定' },
      fields: [
        ...subscription.map(({ template_id: id, title }): Field => ({
          name: id,
          label: { en: title, zh: title },
          kind: 'check',
          value: refused.has(id) ? '' : 'on',
        })),
        where,
      ],
      submit: (values) => {
        const ids = subscription.map(({ template_id: id }) => id);
        const accept = ids.filter((id) => values[id] === 'on');
        const reject = ids.filter((id) => values[id] !== 'on');
        void subscribe({
          ...(accept.length > 0 && { accept }),
          ...(reject.length > 0 && { reject }),
          where: values['where'] as 'page',
        });
      },
    });
  });
}

/** Any message or event of the platform, as `wechat-mp trigger` sends it. */
async function chooseSample(): Promise<void> {
  await attempt(async () => {
    const samples = await readControl<readonly SampleView[]>('samples');
    askFor({
      title: { en: 'Push any message or event', zh: '推送任意消息或事件' },
      action: { en: 'Push', zh: '推送' },
      fields: [
        {
          name: 'type',
          label: { en: 'Type', zh: '类型' },
          kind: 'select',
          value: 'text',
          options: samples.map(({ id, title }) => ({
            value: id,
            label: { en: `${title.en} – ${id}`, zh: `${title.zh} – ${id}` },
          })),
        },
        {
          name: 'key',
          label: { en: 'EventKey (optional)', zh: 'EventKey（可为空）' },
        },
      ],
      submit: ({ type, key = '' }) =>
        postControl('push', {
          type,
          from: person.value?.openid,
          wait: false,
          ...(key !== '' && { key }),
        }),
    });
  });
}
