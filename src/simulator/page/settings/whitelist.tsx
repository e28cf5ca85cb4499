/** IP 白名单, and the addresses that wait for the administrator（管理员确认）. */
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import type { IpDecision, IpRequestView } from '../../control/types/index.ts';
import { postControl } from '../control.ts';
import { ipRequests } from '../live.ts';
import { Choice } from '../parts/choice.tsx';
import { attempt } from '../parts/notice.ts';
import { say } from '../words.ts';

/** What the tick says until the form is saved; `null` follows the account. */
export const isListOn = signal<boolean | null>(null);

export function Whitelist({ whitelist, scope }: { whitelist: unknown; scope: unknown }): ComponentChild {
  const addresses = Array.isArray(whitelist) ? whitelist.join('\n') : '';
  const isOn = isListOn.value ?? Array.isArray(whitelist);
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          name="whitelist_on"
          checked={isOn}
          onChange={({ currentTarget: { checked } }) => (isListOn.value = checked)}
        />
        {say({ en: 'IP whitelist', zh: 'IP 白名单' })}
      </label>
      {isOn && (
        <div class="field">
          <label for="whitelist">
            {say({ en: 'Addresses and blocks, one a line', zh: 'IP 地址或网段，每行一个' })}
          </label>
          <textarea
            id="whitelist"
            name="whitelist"
            class="mono"
            rows={3}
            key={addresses}
            defaultValue={addresses}
            aria-describedby="whitelist-hint"
          />
          <p class="hint" id="whitelist-hint">
            {say({
              en: 'Calls from here come from 127.0.0.1; X-Forwarded-For stands for another address',
              zh: '本机调用的地址为 127.0.0.1，可用 X-Forwarded-For 模拟其他地址',
            })}
          </p>
          <label for="whitelist-scope">{say({ en: 'It is for', zh: '检查范围' })}</label>
          <Choice name="whitelist_scope" id="whitelist-scope" value={scope} choices={scopes} />
        </div>
      )}
    </>
  );
}

const scopes = [
  ['all', { en: 'every call', zh: '所有接口' }],
  ['secret', { en: 'calls with the AppSecret (mini programs)', zh: '使用 AppSecret 的接口（小程序规则）' }],
] as const;

/** The addresses of a form that has been sent; `null` is no list. */
export function readWhitelist(form: Readonly<Record<string, string>>): readonly string[] | null {
  if (!('whitelist_on' in form)) return null;
  return (form['whitelist'] ?? '').split(/[\s,，;；]+/).filter((address) => address !== '');
}

export function IpRequests(): ComponentChild {
  if (ipRequests.value.length === 0) return null;
  return (
    <section aria-labelledby="addresses-title">
      <h3 id="addresses-title">
        {say({ en: 'Addresses that asked the administrator', zh: '等待管理员确认的 IP' })}
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
  pending: { en: 'waits', zh: '待确认' },
  allowed: { en: 'allowed', zh: '已允许' },
  refused: { en: 'refused', zh: '已拒绝' },
} as const;

function IpRequest({ request: { address, state } }: { request: IpRequestView }): ComponentChild {
  const decide = (allow: boolean): void => {
    void attempt(() => postControl('ip-requests', { address, allow } satisfies IpDecision));
  };
  return (
    <li>
      <span>
        <span class="mono">{address}</span> <span class="hint">{say(states[state])}</span>
      </span>
      <span class="buttons">
        {state !== 'allowed' && (
          <button
            type="button"
            aria-label={say({ en: `Allow ${address}`, zh: `允许 ${address}` })}
            onClick={() => decide(true)}
          >
            {say({ en: 'Allow', zh: '允许' })}
          </button>
        )}
        {state === 'pending' && (
          <button
            type="button"
            aria-label={say({ en: `Refuse ${address}`, zh: `拒绝 ${address}` })}
            onClick={() => decide(false)}
          >
            {say({ en: 'Refuse', zh: '拒绝' })}
          </button>
        )}
      </span>
    </li>
  );
}
