/** 服务器配置, saved with the check that WeChat makes, and what came of it. */
import { signal } from '@preact/signals';
import type { CallbackChange, CallbackSaved, CheckView } from '../../control/types/index.ts';
import { ControlFailure, postControl } from '../control.ts';
import { callback } from '../live.ts';
import { attempt } from './notice.ts';
import { say } from '../words.ts';

const result = signal<CallbackSaved | null>(null);
export const isChecking = signal(false);

/** Asks the server, and saves what it has passed. */
export async function saveCallback(change: CallbackChange): Promise<void> {
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

export function CheckButton() {
  return (
    <button type="submit" class="primary" disabled={isChecking.value}>
      {isChecking.value ? say({ en: 'Checking…', zh: '检查中…' }) : say({ en: 'Check and save', zh: '提交' })}
    </button>
  );
}

export function CallbackResult() {
  const saved = result.value;
  return (
    <div role="status">
      {saved !== null && (
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
      )}
    </div>
  );
}

const signs: Readonly<Record<CheckView['status'], string>> = { pass: '✓', fail: '✗', warn: '!', skip: '–' };

function Check({ check: { status, text, hint } }: { check: CheckView }) {
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
