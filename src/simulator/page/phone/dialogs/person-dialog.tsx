/** Who the person is to the account, and what a person can change about that besides following. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ChatView, FollowerView, ProfileAction, RevokeAction } from '../../../control/types/index.ts';
import { postControl } from '../../control.ts';
import { chat, person } from '../../live.ts';
import { Button } from '../../parts/box.tsx';
import { copyText, Pairs } from '../../parts/code.tsx';
import { askFor } from '../../parts/field-dialog.tsx';
import { notify } from '../../parts/notice.ts';
import { dayAndTime, say } from '../../words.ts';
import { isPersonOpen } from '../people.tsx';

const platforms: Readonly<Record<number, string>> = { 1: 'iOS', 2: 'Android' };

export function PersonDialog() {
  const shown = person.value;
  // After a reset there is nobody for a moment, and then somebody else.
  return shown === null ? null : <OpenDialog key={shown.openid} shown={shown} />;
}

function OpenDialog({ shown }: { shown: FollowerView }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const { openid } = shown;
  return (
    <dialog ref={dialog} aria-labelledby="person-title" onClose={() => (isPersonOpen.value = false)}>
      <h2 id="person-title">{shown.nickname || openid}</h2>
      <Pairs label={say({ en: 'What the account knows', zh: '公众号可见的信息' })} pairs={factsOf(shown)} />
      <div class="actions person-actions">
        <Button text={{ en: 'Copy the openid', zh: '复制 openid' }} act={() => copyText(openid)} />
        <Button text={{ en: 'Change the name', zh: '修改昵称' }} act={() => askForName(shown)} />
        <Button
          text={{ en: 'Withdraw web authorisation', zh: '撤回网页授权' }}
          act={() => withdraw(openid)}
        />
      </div>
      <div class="actions">
        <Button class="primary" text={{ en: 'Close', zh: '关闭' }} act={() => dialog.current?.close()} />
      </div>
    </dialog>
  );
}

function factsOf(shown: FollowerView): Readonly<Record<string, string>> {
  const { openid, wechat_id: wechatId, client_platform_type: type, tag_ids: tags, remark } = shown;
  const open = chat.value?.follower.openid === openid ? chat.value : null;
  return {
    openid,
    [say({ en: 'WeChat id', zh: '微信号' })]: wechatId,
    [say({ en: 'Phone', zh: '手机系统' })]: platforms[type] ?? say({ en: 'Other', zh: '其他' }),
    ...(tags.length > 0 && { [say({ en: 'Tags', zh: '标签' })]: tags.join(', ') }),
    ...(remark !== '' && { [say({ en: 'Remark', zh: '备注名' })]: remark }),
    ...(open !== null && { [say({ en: 'Customer messages', zh: '客服消息' })]: windowOf(open) }),
  };
}

function windowOf({ window_until: until }: ChatView): string {
  if (until === null) return say({ en: 'not allowed at the moment', zh: '当前不可发送' });
  return say({ en: `allowed until ${dayAndTime(until)}`, zh: `可发送至 ${dayAndTime(until)}` });
}

function askForName({ openid, nickname }: FollowerView): void {
  askFor({
    title: { en: 'Change the name', zh: '修改昵称' },
    action: { en: 'Save', zh: '保存' },
    fields: [{ name: 'nickname', label: { en: 'Name', zh: '昵称' }, value: nickname, required: true }],
    submit: ({ nickname: name = '' }) =>
      postControl(`phone/${openid}/profile`, { nickname: name } satisfies ProfileAction),
  });
}

async function withdraw(openid: string): Promise<void> {
  await postControl(`phone/${openid}/revoke`, {} satisfies RevokeAction);
  notify({ en: 'Withdrawn, and the account was notified', zh: '已撤回，并已通知公众号' });
}
