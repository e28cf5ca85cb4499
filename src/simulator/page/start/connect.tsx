/** The credentials of the account, and the lines that bring a program here. */
import { useSignal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import type { Text } from '../../../core/text/text.ts';
import type { CallbackView } from '../../control/types/index.ts';
import { chosenAccount, readControl } from '../control.ts';
import { callback } from '../live.ts';
import { copyText } from '../parts/code.tsx';
import { useRead } from '../parts/read.ts';
import { say } from '../words.ts';
import { libraries, shells, type Variables, type Way } from './lines.ts';

/** Each credential by the name of its variable, as the console calls it. */
const credentials = [
  ['WECHAT_MP_API_BASE', { en: 'API base', zh: '接口地址' }],
  ['WECHAT_MP_APPID', { en: 'AppID', zh: 'AppID（开发者 ID）' }],
  ['WECHAT_MP_APPSECRET', { en: 'AppSecret', zh: 'AppSecret（开发者密码）' }],
  ['WECHAT_MP_CALLBACK_TOKEN', { en: 'Token', zh: '令牌（Token）' }],
  ['WECHAT_MP_AES_KEY', { en: 'EncodingAESKey', zh: '消息加解密密钥（EncodingAESKey）' }],
] as const satisfies readonly (readonly [string, Text])[];

export function Connect(): ComponentChild {
  const isShown = useSignal(false);
  const masked = useRead(() => readVariables(''), [callback.value]);
  const real = useRead(() => readVariables('secrets=show'), [callback.value]);
  if (masked === null || real === null) return null;
  const shown = isShown.value ? real : masked;
  return (
    <section class="card-box" aria-labelledby="connect-title">
      <h2 id="connect-title">{say({ en: 'Connect your program', zh: '接入你的程序' })}</h2>
      <p class="hint">
        {say({
          en: 'Point it at this address instead of api.weixin.qq.com',
          zh: '程序改为请求此地址，不再请求 api.weixin.qq.com',
        })}
      </p>
      <dl class="credentials">
        {credentials.map(([name, label]) => (
          <div key={name}>
            <dt>{say(label)}</dt>
            <dd>
              <span class="mono wrap">{shown[name]}</span>
              <button
                type="button"
                aria-label={say({ en: `Copy ${label.en}`, zh: `复制 ${label.zh}` })}
                onClick={() => void copyText(real[name] ?? '')}
              >
                {say({ en: 'Copy', zh: '复制' })}
              </button>
            </dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={isShown.value}
          onChange={({ currentTarget: { checked } }) => (isShown.value = checked)}
        />
        {say({ en: 'Show secrets', zh: '显示密钥' })}
      </label>
      <Lines shown={shown} real={real} />
    </section>
  );
}

async function readVariables(query: string): Promise<Variables> {
  const [accounts, { token, aes_key: aesKey }] = await Promise.all([
    readControl<readonly { readonly appid: string; readonly secret: string }[]>(`accounts?${query}`),
    readControl<CallbackView>(`callback?${query}`),
  ]);
  const account = accounts.find(({ appid }) => appid === chosenAccount) ?? accounts[0];
  return {
    WECHAT_MP_API_BASE: location.origin,
    WECHAT_MP_APPID: account?.appid ?? '',
    WECHAT_MP_APPSECRET: account?.secret ?? '',
    WECHAT_MP_CALLBACK_TOKEN: token,
    WECHAT_MP_AES_KEY: aesKey,
  };
}

/** Copied are the secrets themselves: a line that can be run has to have them. */
function Lines({ shown, real }: { shown: Variables; real: Variables }): ComponentChild {
  const ways = [...shells, ...libraries];
  const chosen = useSignal(ways[0]?.name);
  const way = ways.find(({ name }) => name === chosen.value);
  return (
    <>
      <WayTabs ways={ways} chosen={chosen.value ?? ''} onChoose={(name) => (chosen.value = name)} />
      {way !== undefined && (
        <div class="ways-panel" role="tabpanel" id="ways-panel" aria-label={way.name}>
          <pre
            tabIndex={0}
            role="region"
            aria-label={say({ en: `Lines for ${way.name}`, zh: `${way.name} 的写法` })}
          >
            {way.lines(shown).join('\n')}
          </pre>
          <div class="actions">
            <button type="button" onClick={() => void copyText(way.lines(real).join('\n'))}>
              {say({ en: 'Copy the lines', zh: '复制以上内容' })}
            </button>
            {way.note !== undefined && <p class="hint">{say(way.note)}</p>}
          </div>
        </div>
      )}
    </>
  );
}

interface WayTabsProps {
  readonly ways: readonly Way[];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

/** Arrow keys move between the tabs, as the pattern for tabs has it. */
function WayTabs({ ways, chosen, onChoose }: WayTabsProps): ComponentChild {
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const place = (ways.findIndex(({ name }) => name === chosen) + step + ways.length) % ways.length;
    onChoose(ways[place]?.name ?? chosen);
    requestAnimationFrame(() => document.getElementById(`way-${place}`)?.focus());
  };
  return (
    <div
      class="chips ways"
      role="tablist"
      aria-label={say({ en: 'How to connect', zh: '接入方式' })}
      onKeyDown={move}
    >
      {ways.map(({ name }, place) => (
        <button
          key={name}
          type="button"
          role="tab"
          class="chip"
          id={`way-${place}`}
          aria-controls="ways-panel"
          aria-selected={name === chosen}
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
