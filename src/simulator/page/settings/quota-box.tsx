/** What has been used of the day's calls, and other figures in the place of the platform's. */
import { postControl } from '../control.ts';
import { readState, state } from '../live.ts';
import { Box, Hint } from '../parts/box.tsx';
import { type Field, FieldRow, Form, type Values } from '../parts/form.tsx';
import { notify } from '../parts/notice.ts';
import { say } from '../words.ts';

export function QuotaBox() {
  const counters = Object.entries(state.value?.counters ?? {});
  const used = counters.filter(([, counter]) => counter.used > 0);
  const unused = counters.filter(([, counter]) => counter.used === 0);
  return (
    <Box id="quota" title={{ en: "Today's quotas", zh: '今日配额' }}>
      {used.length === 0 ? (
        <Hint text={{ en: 'No calls yet today', zh: '今日尚未调用接口' }} />
      ) : (
        <Counters counters={used} />
      )}
      {unused.length > 0 && (
        <details>
          <summary>{say({ en: `Unused (${unused.length})`, zh: `未使用（${unused.length}）` })}</summary>
          <Counters counters={unused} />
        </details>
      )}
      <Form submit={setQuota} action={{ en: 'Set the quota', zh: '设置配额' }}>
        <div class="field-row quota-form">
          <FieldRow of="quota" field={{ ...pathField, value: counters[0]?.[0] ?? '/cgi-bin/token' }} />
          <FieldRow of="quota" field={limitField} />
        </div>
        <Hint text={{ en: "Leave the number empty to restore WeChat's own", zh: '留空恢复平台默认上限' }} />
      </Form>
    </Box>
  );
}

const pathField = {
  name: 'path',
  label: { en: 'Path', zh: '接口路径' },
  list: 'known-paths',
  mono: true,
  required: true,
} as const;

const limitField: Field = {
  name: 'limit',
  label: { en: 'Calls a day', zh: '每日上限' },
  kind: 'number',
  step: 1,
  min: 0,
  placeholder: '0',
};

type Counter = readonly [path: string, counter: { readonly used: number; readonly limit: number }];

function Counters({ counters }: { counters: readonly Counter[] }) {
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

async function setQuota({ path = '', limit = '' }: Values): Promise<void> {
  await postControl('settings', { quotas: { [path.trim()]: limit === '' ? null : Number(limit) } });
  await readState();
  notify({ en: 'Saved', zh: '已保存' });
}
