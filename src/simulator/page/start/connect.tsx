/** The credentials of the account, and the lines that bring a program here. */
import { useSignal } from '@preact/signals';
import type { Text } from '../../../core/text/text.ts';
import type { CallbackView } from '../../control/types/index.ts';
import { chosenAccount, readControl } from '../control.ts';
import { callback } from '../live.ts';
import { Box, Button, Hint } from '../parts/box.tsx';
import { copyText } from '../parts/code.tsx';
import { showSecrets, Tick } from '../parts/form.tsx';
import { useRead } from '../parts/read.ts';
import { arrowKeys } from '../parts/tabs.ts';
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

export function Connect() {
  const isShown = useSignal(false);
  const masked = useRead(() => readVariables(''), [callback.value]);
  const real = useRead(() => readVariables('secrets=show'), [callback.value]);
  if (masked === null || real === null) return null;
  const shown = isShown.value ? real : masked;
  return (
    <Box
      id="connect"
      title={{ en: 'Connect your program', zh: '接入你的程序' }}
      hint={{
        en: 'Point it at this address instead of api.weixin.qq.com',
        zh: '程序改为请求此地址，不再请求 api.weixin.qq.com',
      }}
    >
      <dl class="credentials">
        {credentials.map(([name, label]) => (
          <div key={name}>
            <dt>{say(label)}</dt>
            <dd>
              <span class="mono wrap">{shown[name]}</span>
              <Button
                text={{ en: 'Copy', zh: '复制' }}
                name={{ en: `Copy ${label.en}`, zh: `复制 ${label.zh}` }}
                act={() => copyText(real[name] ?? '')}
              />
            </dd>
          </div>
        ))}
      </dl>
      <Tick text={showSecrets} isOn={isShown.value} set={(isOn) => (isShown.value = isOn)} />
      <Lines shown={shown} real={real} />
    </Box>
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

const ways: ReadonlyMap<string, Way> = new Map([...shells, ...libraries].map((way) => [way.name, way]));

/** Copied are the secrets themselves: a line that can be run has to have them. */
function Lines({ shown, real }: { shown: Variables; real: Variables }) {
  const names = [...ways.keys()];
  const chosen = useSignal(names[0]);
  const way = ways.get(chosen.value ?? '');
  const choose = (name: string): void => {
    chosen.value = name;
  };
  return (
    <>
      <div
        class="chips ways"
        role="tablist"
        aria-label={say({ en: 'How to connect', zh: '接入方式' })}
        onKeyDown={arrowKeys(names, chosen.value, choose)}
      >
        {names.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            class="chip"
            aria-controls="ways-panel"
            aria-selected={name === chosen.value}
            tabIndex={name === chosen.value ? 0 : -1}
            onClick={() => choose(name)}
          >
            {name}
          </button>
        ))}
      </div>
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
            <Button
              text={{ en: 'Copy the lines', zh: '复制以上内容' }}
              act={() => copyText(way.lines(real).join('\n'))}
            />
            {way.note !== undefined && <Hint text={way.note} />}
          </div>
        </div>
      )}
    </>
  );
}
