/** What the console has about the account: its kind, who may call, what it is bound to. */
import { signal } from '@preact/signals';
import { accountTypeNames, accountTypes } from '../../../core/account/index.ts';
import type { Text } from '../../../core/text/text.ts';
import type { IpDecision, IpRequestView } from '../../control/types/index.ts';
import { postControl } from '../control.ts';
import { accountName, ipRequests, settings } from '../live.ts';
import { Box, Button } from '../parts/box.tsx';
import { FieldRow, Form, splitList, Tick, type Values } from '../parts/form.tsx';
import { notify } from '../parts/notice.ts';
import { say } from '../words.ts';
import { PictureField } from './picture-field.tsx';

export function AccountBox() {
  const { whitelist, whitelist_scope: scope, web_auth_domains: domains, account_type: type } = settings.value;
  const allowed = Array.isArray(domains) ? domains.join('\n') : '';
  return (
    <Box id="account" title={{ en: 'Account', zh: '账号' }}>
      <Form submit={saveAccount}>
        <FieldRow of="account" field={{ ...nameField, value: accountName.value }} />
        <PictureField />
        <FieldRow of="account" field={{ ...typeField, value: String(type) }} />
        <Whitelist whitelist={whitelist} scope={scope} />
        <Switch
          name="ip_confirmation"
          label={{
            en: 'Calls from other addresses wait for the administrator',
            zh: '其他 IP 调用时由管理员确认',
          }}
        />
        <FieldRow of="account" field={{ ...domainsField, value: allowed }} />
        <Switch name="secret_frozen" label={{ en: 'AppSecret is frozen', zh: 'AppSecret 已冻结' }} />
        <Switch
          name="open_platform"
          label={{
            en: 'Bound to the Open Platform (people have a UnionID)',
            zh: '已绑定微信开放平台（有 UnionID）',
          }}
        />
        <Switch name="comments" label={{ en: 'Has comments under articles', zh: '有留言功能' }} />
        <Switch
          name="accept_chunked"
          label={{
            en: 'Accept chunked bodies, which WeChat refuses with 412',
            zh: '接受 chunked 请求体（微信返回 412）',
          }}
        />
      </Form>
      <IpRequests />
    </Box>
  );
}

const nameField = {
  name: 'name',
  label: { en: 'Name', zh: '名称' },
  hint: { en: 'Shown on the phone, with the picture', zh: '与头像一起显示在手机上' },
} as const;

const typeField = {
  name: 'account_type',
  label: { en: 'Account type', zh: '账号类型' },
  kind: 'select',
  options: accountTypes.map((value) => ({ value, label: accountTypeNames[value] })),
  hint: { en: 'Calls beyond the rights of this type return 48001', zh: '该类型无权调用的接口返回 48001' },
} as const;

const domainsField = {
  name: 'web_auth_domains',
  label: { en: 'Web authorisation domains, one per line', zh: '网页授权域名，每行一个' },
  kind: 'long',
  rows: 2,
  mono: true,
  placeholder: 'localhost:3000',
  hint: { en: 'Leave empty to allow any domain', zh: '留空表示不限制域名' },
} as const;

type SwitchName = 'ip_confirmation' | 'secret_frozen' | 'open_platform' | 'comments' | 'accept_chunked';

/** A tick that follows the account until somebody changes it. */
function Switch({ name, label }: { name: SwitchName; label: Text }) {
  return (
    <FieldRow field={{ name, label, kind: 'check', value: settings.value[name] === true ? 'on' : '' }} />
  );
}

async function saveAccount(form: Values): Promise<void> {
  settings.value = await postControl<Readonly<Record<string, unknown>>>('settings', {
    name: form['name'],
    whitelist: readWhitelist(form),
    ip_confirmation: 'ip_confirmation' in form,
    web_auth_domains: splitList(form['web_auth_domains']),
    secret_frozen: 'secret_frozen' in form,
    open_platform: 'open_platform' in form,
    comments: 'comments' in form,
    accept_chunked: 'accept_chunked' in form,
    account_type: form['account_type'],
    ...('whitelist_scope' in form && { whitelist_scope: form['whitelist_scope'] }),
  });
  isListOn.value = null;
  notify({ en: 'Saved', zh: '已保存' });
}

/** What the tick says until the form is saved; `null` follows the account. */
const isListOn = signal<boolean | null>(null);

function Whitelist({ whitelist, scope }: { whitelist: unknown; scope: unknown }) {
  const addresses = Array.isArray(whitelist) ? whitelist.join('\n') : '';
  const isOn = isListOn.value ?? Array.isArray(whitelist);
  return (
    <>
      <Tick
        text={{ en: 'IP whitelist', zh: 'IP 白名单' }}
        name="whitelist_on"
        isOn={isOn}
        set={(checked) => (isListOn.value = checked)}
      />
      {isOn && (
        <>
          <FieldRow of="account" field={{ ...addressesField, value: addresses }} />
          <FieldRow of="account" field={{ ...scopeField, value: String(scope) }} />
        </>
      )}
    </>
  );
}

const addressesField = {
  name: 'whitelist',
  label: { en: 'Addresses and blocks, one per line', zh: 'IP 地址或网段，每行一个' },
  kind: 'long',
  rows: 3,
  mono: true,
  hint: {
    en: 'Calls from this machine come from 127.0.0.1; set X-Forwarded-For to try another address',
    zh: '本机调用的地址为 127.0.0.1，可用 X-Forwarded-For 模拟其他地址',
  },
} as const;

const scopeField = {
  name: 'whitelist_scope',
  label: { en: 'Applies to', zh: '检查范围' },
  kind: 'select',
  options: [
    { value: 'all', label: { en: 'all calls', zh: '所有接口' } },
    {
      value: 'secret',
      label: { en: 'calls with the AppSecret (mini programs)', zh: '使用 AppSecret 的接口（小程序规则）' },
    },
  ],
} as const;

/** The addresses of a form that has been sent; `null` is no list. */
function readWhitelist(form: Values): readonly string[] | null {
  return 'whitelist_on' in form ? splitList(form['whitelist']) : null;
}

/** The addresses that wait for the administrator（管理员确认）. */
function IpRequests() {
  if (ipRequests.value.length === 0) return null;
  return (
    <section aria-labelledby="addresses-title">
      <h3 id="addresses-title">
        {say({ en: 'Addresses waiting for the administrator', zh: '等待管理员确认的 IP' })}
      </h3>
      <ul class="scenarios" aria-live="polite">
        {ipRequests.value.map((request) => (
          <IpRequest key={request.address} request={request} />
        ))}
      </ul>
    </section>
  );
}

const states = {
  pending: { en: 'waiting', zh: '待确认' },
  allowed: { en: 'allowed', zh: '已允许' },
  refused: { en: 'refused', zh: '已拒绝' },
} as const;

function IpRequest({ request: { address, state } }: { request: IpRequestView }) {
  const decide = (allow: boolean) => postControl('ip-requests', { address, allow } satisfies IpDecision);
  return (
    <li>
      <span>
        <span class="mono">{address}</span> <span class="hint">{say(states[state])}</span>
      </span>
      <span class="buttons">
        {state !== 'allowed' && (
          <Button
            text={{ en: 'Allow', zh: '允许' }}
            name={{ en: `Allow ${address}`, zh: `允许 ${address}` }}
            act={() => decide(true)}
          />
        )}
        {state === 'pending' && (
          <Button
            text={{ en: 'Refuse', zh: '拒绝' }}
            name={{ en: `Refuse ${address}`, zh: `拒绝 ${address}` }}
            act={() => decide(false)}
          />
        )}
      </span>
    </li>
  );
}
