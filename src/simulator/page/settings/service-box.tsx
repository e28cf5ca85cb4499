/** 客服: who serves people, who waits, and who is served. What workers do in their own WeChat is done here. */
import { signal } from '@preact/signals';
import type { Text } from '../../../core/text/text.ts';
import type { ServiceSessionView } from '../../control/types/index.ts';
import { postControl, readControl } from '../control.ts';
import { choosePerson, followers, pushes, requests, resets } from '../live.ts';
import { chosenPanel, isWide } from '../panels.ts';
import { Box, Button, Hint } from '../parts/box.tsx';
import { LineForm } from '../parts/form.tsx';
import { useRead } from '../parts/read.ts';
import { say, timeOfDay } from '../words.ts';

interface Account {
  readonly kf_account: string;
  readonly kf_nick: string;
  readonly online: boolean;
  /** Who serves. */
  readonly kf_wx?: string;
  /** Who has been asked to, and what became of it. */
  readonly invite_wx?: string;
  readonly invite_status?: 'waiting' | 'rejected' | 'expired';
}

/** Grows with what is done here. */
const done = signal(0);

export function ServiceBox() {
  // A session begins with a push that is answered, or with a call.
  const called = requests.value.findLast(({ path }) => path.startsWith('/customservice/'))?.id;
  const view = useRead(readService, [pushes.value, called, resets.value, done.value]);
  if (view === null) return null;
  const online = view.accounts.filter((account) => account.online);
  return (
    <Box id="service" title={{ en: 'Customer service', zh: '客服' }}>
      <h3>{say({ en: 'Accounts', zh: '客服账号' })}</h3>
      {view.accounts.length === 0 && <NoAccount />}
      <ul class="service">
        {view.accounts.map((account) => (
          <AccountLine key={account.kf_account} account={account} />
        ))}
      </ul>
      <h3>{say({ en: 'Sessions', zh: '客服会话' })}</h3>
      {view.sessions.length === 0 && (
        <Hint
          text={{
            en: 'Nobody: a person waits after a reply with transfer_customer_service',
            zh: '暂无：服务器回复 transfer_customer_service 后，用户进入等待',
          }}
        />
      )}
      <ul class="service">
        {view.sessions.map((session) => (
          <Session key={session.openid} session={session} online={online} />
        ))}
      </ul>
    </Box>
  );
}

async function readService() {
  const [accounts, sessions] = await Promise.all([
    readControl<readonly Account[]>('kf_accounts'),
    readControl<readonly ServiceSessionView[]>('kf_sessions'),
  ]);
  return { accounts, sessions };
}

function NoAccount() {
  return (
    <>
      <Hint
        text={{
          en: 'None yet: kfaccount/add makes one, inviteworker asks somebody to serve',
          zh: '暂无：用 kfaccount/add 添加，用 inviteworker 邀请微信用户绑定',
        }}
      />
      <Button
        class="link"
        text={{ en: 'Make one with a call', zh: '去调用接口' }}
        act={() => (chosenPanel.value = 'api')}
      />
    </>
  );
}

async function act(call: 'kf_accounts' | 'kf_sessions', body: object): Promise<void> {
  await postControl(call, body);
  done.value += 1;
}

function AccountLine({ account }: { account: Account }) {
  const { kf_account: name, kf_nick: nickname, kf_wx: worker, invite_status: status, online } = account;
  const buttons: readonly (readonly [Text, object])[] = [
    ...(status === 'waiting'
      ? [
          [{ en: 'Accept', zh: '接受邀请' }, { invitation: 'accept' }] as const,
          [{ en: 'Reject', zh: '拒绝邀请' }, { invitation: 'reject' }] as const,
        ]
      : []),
    ...(worker === undefined
      ? []
      : [
          [
            online ? { en: 'Go offline', zh: '下线' } : { en: 'Go online', zh: '上线' },
            { online: !online },
          ] as const,
        ]),
  ];
  return (
    <li>
      <span class="wrap">
        {nickname} <span class="mono">{name}</span> <span class="hint">{say(stateOf(account))}</span>
      </span>
      <span class="buttons">
        {buttons.map(([text, body]) => (
          <Button
            key={text.en}
            text={text}
            name={{ en: `${text.en}: ${name}`, zh: `${text.zh}：${name}` }}
            act={() => act('kf_accounts', { kf_account: name, ...body })}
          />
        ))}
      </span>
    </li>
  );
}

function stateOf({ kf_wx: worker, invite_wx: invited = '', invite_status: status, online }: Account): Text {
  if (online) return { en: 'online', zh: '在线' };
  if (worker !== undefined) return { en: 'offline', zh: '离线' };
  if (status === 'waiting') return { en: `${invited} is invited`, zh: `已邀请 ${invited}` };
  if (status === 'rejected') return { en: `${invited} has rejected`, zh: `${invited} 已拒绝邀请` };
  if (status === 'expired') return { en: 'the invitation has expired', zh: '邀请已过期' };
  return { en: 'nobody serves', zh: '未绑定微信用户' };
}

function Session({ session, online }: { session: ServiceSessionView; online: readonly Account[] }) {
  const { openid, kf_account: account, wanted, at, said } = session;
  const person = followers.value.find((each) => each.openid === openid)?.nickname ?? openid;
  const takers = online.filter(({ kf_account: name }) => name !== account && name === (wanted ?? name));
  const show = (): void => {
    choosePerson(openid);
    if (!isWide.value) chosenPanel.value = 'phone';
  };
  return (
    <li>
      <span class="wrap">
        <strong>{person}</strong> <span class="hint">{say(placeOf(account, wanted, timeOfDay(at)))}</span>
        {said !== null && <span class="said">{said}</span>}
      </span>
      <span class="buttons">
        <Button
          text={{ en: 'Chat', zh: '聊天' }}
          name={{ en: `Show the chat of ${person}`, zh: `查看与 ${person} 的聊天` }}
          act={show}
        />
        {account !== null && (
          <Button
            text={{ en: 'End', zh: '结束会话' }}
            name={{ en: `End the session of ${person}`, zh: `结束与 ${person} 的会话` }}
            act={() => act('kf_sessions', { openid, close: true })}
          />
        )}
      </span>
      {takers.length > 0 && (
        <Takers openid={openid} person={person} takers={takers} isServed={account !== null} />
      )}
      {account !== null && <Answer openid={openid} person={person} />}
    </li>
  );
}

function placeOf(account: string | null, wanted: string | null, time: string): Text {
  if (account !== null) return { en: `with ${account} since ${time}`, zh: `${account} 接待中，始于 ${time}` };
  if (wanted !== null)
    return { en: `waits for ${wanted} since ${time}`, zh: `自 ${time} 等待 ${wanted} 接入` };
  return { en: `waits since ${time}`, zh: `自 ${time} 等待接入` };
}

interface TakersProps {
  readonly openid: string;
  readonly person: string;
  readonly takers: readonly Account[];
  /** By another one: then they are given away. */
  readonly isServed: boolean;
}

function Takers({ openid, person, takers, isServed }: TakersProps) {
  const verb = isServed ? say({ en: 'Hand over', zh: '转接' }) : say({ en: 'Take', zh: '接入' });
  const options = takers.map(({ kf_account: name }) => ({ value: name, label: { en: name, zh: name } }));
  return (
    <LineForm
      id={`take-${openid}`}
      field={{
        name: 'account',
        label: { en: 'Account', zh: '客服账号' },
        kind: 'select',
        options,
        value: options[0]?.value ?? '',
      }}
      submit={(name) => act('kf_sessions', { openid, kf_account: name })}
    >
      <button type="submit" aria-label={`${verb} ${person}`}>
        {verb}
      </button>
    </LineForm>
  );
}

function Answer({ openid, person }: { openid: string; person: string }) {
  const id = `say-${openid}`;
  const label = { en: `Write to ${person}`, zh: `回复 ${person}` };
  const send = async (text: string): Promise<void> => {
    await act('kf_sessions', { openid, say: text });
    const field = document.getElementById(id);
    if (field instanceof HTMLInputElement) field.value = '';
  };
  return (
    <LineForm id={id} field={{ name: 'text', label, placeholder: say(label), required: true }} submit={send}>
      <button type="submit" aria-label={say({ en: `Send to ${person}`, zh: `发送给 ${person}` })}>
        {say({ en: 'Send', zh: '发送' })}
      </button>
    </LineForm>
  );
}
