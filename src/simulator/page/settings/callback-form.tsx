/** 服务器配置: saved only when the server answers the check that WeChat makes. */
import { useState } from 'preact/hooks';
import type { Text } from '../../../core/text/text.ts';
import type { CallbackChange, CallbackView, PushMode } from '../../control/types/index.ts';
import { readControl } from '../control.ts';
import { callback } from '../live.ts';
import { Box } from '../parts/box.tsx';
import { CallbackResult, CheckButton, saveCallback } from '../parts/callback-check.tsx';
import { FieldRow, readForm, showSecrets, Tick, type Values } from '../parts/form.tsx';
import { attempt } from '../parts/notice.ts';
import { say } from '../words.ts';

export function CallbackForm() {
  const view = callback.value;
  const [shown, setShown] = useState<CallbackView | null>(null);
  if (view === null) return null;
  const current = shown ?? view;
  const reveal = (isOn: boolean): Promise<unknown> =>
    attempt(async () => setShown(isOn ? await readControl<CallbackView>('callback?secrets=show') : null));
  return (
    <Box id="callback" title={{ en: 'Message server', zh: '服务器配置' }}>
      <form
        onSubmit={(event) => {
          const form = readForm(event);
          setShown(null);
          void saveCallback(readChange(form, view));
        }}
      >
        <FieldRow of="callback" field={{ ...urlField, value: current.url ?? '' }} />
        <SecretField
          name="token"
          label={{ en: 'Token', zh: '令牌（Token）' }}
          now={current.token}
          shown={shown}
        />
        <SecretField
          name="aes_key"
          label={{ en: 'EncodingAESKey', zh: '消息加解密密钥（EncodingAESKey）' }}
          now={current.aes_key}
          shown={shown}
        />
        <div class="field-row">
          <FieldRow of="callback" field={{ ...modeField, value: current.mode }} />
          <FieldRow of="callback" field={{ ...formatField, value: current.format }} />
        </div>
        <div class="actions">
          <CheckButton />
          <Tick text={showSecrets} isOn={shown !== null} set={reveal} />
        </div>
      </form>
      <CallbackResult />
      {view.paused_until !== null && (
        <p class="explained bad">
          {say({
            en: 'Pushes are paused for a minute after repeated failures',
            zh: '连续推送失败，已暂停推送一分钟',
          })}
        </p>
      )}
    </Box>
  );
}

const urlField = {
  name: 'url',
  label: { en: 'URL', zh: '服务器地址（URL）' },
  kind: 'url',
  placeholder: 'http://localhost:3000/wechat',
  mono: true,
} as const;

const modeField = {
  name: 'mode',
  label: { en: 'Mode', zh: '消息加解密方式' },
  kind: 'select',
  options: [
    { value: 'plain', label: { en: 'Plain', zh: '明文模式' } },
    { value: 'compat', label: { en: 'Compatible', zh: '兼容模式' } },
    { value: 'safe', label: { en: 'Safe', zh: '安全模式' } },
  ],
} as const;

const formatField = {
  name: 'format',
  label: { en: 'Data format', zh: '数据格式' },
  kind: 'select',
  options: [
    { value: 'xml', label: { en: 'XML', zh: 'XML' } },
    { value: 'json', label: { en: 'JSON', zh: 'JSON' } },
  ],
} as const;

/** Empty until the secrets are shown; then it holds the one that is set. */
function SecretField({
  name,
  label,
  now,
  shown,
}: {
  name: 'token' | 'aes_key';
  label: Text;
  now: string;
  shown: CallbackView | null;
}) {
  const value = shown?.[name] ?? '';
  return <FieldRow of="callback" field={{ name, label, value, placeholder: now, mono: true }} />;
}

function readChange(form: Values, before: CallbackView): CallbackChange {
  const text = (name: string): string => (form[name] ?? '').trim();
  const url = text('url');
  return {
    url: url === '' ? null : url,
    // An empty field keeps the secret that is set.
    ...(text('token') !== '' && { token: text('token') }),
    ...(text('aes_key') !== '' && { aes_key: text('aes_key') }),
    mode: (text('mode') || before.mode) as PushMode,
    format: text('format') === 'json' ? 'json' : 'xml',
  };
}
