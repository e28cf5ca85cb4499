/** 服务器配置: saved only when the server answers the check that WeChat makes. */
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { useState } from 'preact/hooks';
import type { CallbackSaved, CallbackView, CheckView } from '../../control/types/index.ts';
import { ControlFailure, postControl, readControl } from '../control.ts';
import { callback } from '../live.ts';
import { readForm } from '../parts/form.ts';
import { attempt } from '../parts/notice.ts';
import { say } from '../words.ts';

const result = signal<CallbackSaved | null>(null);
const isChecking = signal(false);

export function CallbackForm(): ComponentChild {
  const view = callback.value;
  const [shown, setShown] = useState<CallbackView | null>(null);
  if (view === null) return null;
  const current = shown ?? view;
  const showSecrets = (): void => {
    if (shown !== null) setShown(null);
    else void attempt(async () => setShown(await readControl<CallbackView>('callback?secrets=show')));
  };
  return (
    <section class="card-box" aria-labelledby="callback-title">
      <h2 id="callback-title">{say({ en: 'Message server', zh: '服务器配置' })}</h2>
      <form
        onSubmit={(event) => {
          const form = readForm(event);
          setShown(null);
          void save(form, view);
        }}
      >
        <div class="field">
          <label for="callback-url">{say({ en: 'URL', zh: '服务器地址（URL）' })}</label>
          <input
            id="callback-url"
            type="url"
            name="url"
            class="mono"
            key={current.url}
            defaultValue={current.url ?? ''}
            placeholder="http://localhost:3000/wechat"
          />
        </div>
        <SecretField
          name="token"
          label={say({ en: 'Token', zh: '令牌（Token）' })}
          current={current.token}
          isShown={shown !== null}
        />
        <SecretField
          name="aes_key"
          label={say({ en: 'EncodingAESKey', zh: '消息加解密密钥（EncodingAESKey）' })}
          current={current.aes_key}
          isShown={shown !== null}
        />
        <ModeFields view={current} />
        <div class="actions">
          <button type="submit" class="primary" disabled={isChecking.value}>
            {isChecking.value
              ? say({ en: 'Checking…', zh: '检查中…' })
              : say({ en: 'Check and save', zh: '提交' })}
          </button>
          <label class="check">
            <input type="checkbox" checked={shown !== null} onChange={showSecrets} />
            {say({ en: 'Show secrets', zh: '显示密钥' })}
          </label>
        </div>
      </form>
      <div role="status">{result.value !== null && <Result saved={result.value} />}</div>
      {view.paused_until !== null && (
        <p class="explained bad">
          {say({
            en: 'Pushes are paused for a minute after repeated failures',
            zh: '连续推送失败，已暂停推送一分钟',
          })}
        </p>
      )}
    </section>
  );
}

function SecretField({
  name,
  label,
  current,
  isShown,
}: {
  name: string;
  label: string;
  current: string;
  isShown: boolean;
}): ComponentChild {
  return (
    <div class="field">
      <label for={`callback-${name}`}>{label}</label>
      <input
        id={`callback-${name}`}
        type="text"
        name={name}
        class="mono"
        key={isShown ? 'shown' : 'masked'}
        defaultValue={isShown ? current : ''}
        placeholder={current}
        autocomplete="off"
        spellcheck={false}
      />
    </div>
  );
}

function ModeFields({ view }: { view: CallbackView }): ComponentChild {
  const modes = [
    ['plain', say({ en: 'Plain', zh: '明文模式' })],
    ['compat', say({ en: 'Compatible', zh: '兼容模式' })],
    ['safe', say({ en: 'Safe', zh: '安全模式' })],
  ] as const;
  return (
    <div class="field-row">
      <div class="field">
        <label for="callback-mode">{say({ en: 'Mode', zh: '消息加解密方式' })}</label>
        <select id="callback-mode" name="mode" key={`mode-${view.mode}`}>
          {modes.map(([mode, name]) => (
            <option key={mode} value={mode} selected={mode === view.mode}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="callback-format">{say({ en: 'Data format', zh: '数据格式' })}</label>
        <select id="callback-format" name="format" key={`format-${view.format}`}>
          <option value="xml" selected={view.format === 'xml'}>
            XML
          </option>
          <option value="json" selected={view.format === 'json'}>
            JSON
          </option>
        </select>
      </div>
    </div>
  );
}

async function save(form: Readonly<Record<string, string>>, before: CallbackView): Promise<void> {
  const text = (name: string): string => (form[name] ?? '').trim();
  const url = text('url');
  const change = {
    url: url === '' ? null : url,
    // An empty field keeps the secret that is set.
    ...(text('token') !== '' && { token: text('token') }),
    ...(text('aes_key') !== '' && { aes_key: text('aes_key') }),
    mode: text('mode') || before.mode,
    format: text('format') || before.format,
  };
  isChecking.value = true;
  result.value = null;
  await attempt(async () => {
    try {
      result.value = await postControl<CallbackSaved>('callback', change);
      callback.value = result.value.callback;
    } catch (error) {
      // 422: asked and refused, with the reasons.
      if (!(error instanceof ControlFailure) || error.status !== 422) throw error;
      result.value = error.body as CallbackSaved;
    }
  });
  isChecking.value = false;
}

function Result({ saved }: { saved: CallbackSaved }): ComponentChild {
  return (
    <div class={`explained ${saved.saved ? 'good' : 'bad'}`}>
      <p>
        <strong>{saved.console_text}</strong>
        <span class="hint">
          {' '}
          {saved.saved ? say({ en: 'Saved', zh: '已保存' }) : say({ en: 'Not saved', zh: '未保存' })}
        </span>
      </p>
      <ul class="checks">
        {saved.checks.map((check) => (
          <Check key={check.name} check={check} />
        ))}
      </ul>
    </div>
  );
}

const signs: Readonly<Record<CheckView['status'], string>> = { pass: '✓', fail: '✗', warn: '!', skip: '–' };

function Check({ check: { status, text, hint } }: { check: CheckView }): ComponentChild {
  return (
    <li class={`check-${status}`}>
      <span aria-hidden="true">{signs[status]}</span>
      <span>
        {say(text)}
        {hint !== null && <span class="hint"> {say(hint)}</span>}
      </span>
    </li>
  );
}
