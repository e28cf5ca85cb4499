/** What has been used of the day's calls, and other figures in the place of the platform's. */
import type { ComponentChild } from 'preact';
import { postControl } from '../control.ts';
import { readState, state } from '../live.ts';
import { FieldRow, type Field } from '../parts/field-dialog.tsx';
import { readForm } from '../parts/form.ts';
import { attempt, notify } from '../parts/notice.ts';
import { say } from '../words.ts';

export function QuotaBox(): ComponentChild {
  const counters = Object.entries(state.value?.counters ?? {});
  const used = counters.filter(([, counter]) => counter.used > 0);
  const unused = counters.filter(([, counter]) => counter.used === 0);
  return (
    <section class="card-box" aria-labelledby="quota-title">
      <h2 id="quota-title">{say({ en: "Today's quotas", zh: '今日配额' })}</h2>
      {used.length === 0 ? (
        <p class="hint">{say({ en: 'No calls yet today', zh: '今日尚未调用接口' })}</p>
      ) : (
        <Counters counters={used} />
      )}
      {unused.length > 0 && (
        <details>
          <summary>{say({ en: `Unused (${unused.length})`, zh: `未使用（${unused.length}）` })}</summary>
          <Counters counters={unused} />
        </details>
      )}
      <form onSubmit={(event) => void setQuota(readForm(event))}>
        <div class="field-row quota-form">
          <FieldRow of="quota" field={{ ...pathField, value: counters[0]?.[0] ?? '/cgi-bin/token' }} />
          <FieldRow of="quota" field={limitField} />
        </div>
        <p class="hint">
          {say({ en: "Leave the number empty to restore WeChat's own", zh: '留空恢复平台默认上限' })}
        </p>
        <div class="actions">
          <button type="submit">{say({ en: 'Set the quota', zh: '设置配额' })}</button>
        </div>
      </form>
    </section>
  );
}

const pathField = {
  name: 'path',
  label: { en: 'Path', zh: '接口路径' },
  kind: 'text',
  list: 'known-paths',
  mono: true,
  required: true,
} as const;

const limitField: Field = {
  name: 'limit',
  label: { en: 'Calls a day', zh: '每日上限' },
  kind: 'number',
  value: '',
  step: 1,
  min: 0,
  placeholder: '0',
};

type Counter = readonly [path: string, counter: { readonly used: number; readonly limit: number }];

function Counters({ counters }: { counters: readonly Counter[] }): ComponentChild {
  return (
    <ul class="quotas">
      {counters.map(([path, { used, limit }]) => (
        <li key={path}>
          <span class="mono wrap">{path}</span>
          <meter min={0} max={limit} value={used} aria-label={path} />
          <span class="quota-count">
            {used} / {limit}
          </span>
        </li>
      ))}
    </ul>
  );
}

async function setQuota({ path = '', limit = '' }: Readonly<Record<string, string>>): Promise<void> {
  await attempt(async () => {
    await postControl('settings', { quotas: { [path.trim()]: limit === '' ? null : Number(limit) } });
    await readState();
    notify({ en: 'Saved', zh: '已保存' });
  });
}
