/** Faults that were asked for, one by one or a whole scenario. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Text } from '../../../core/text/text.ts';
import type { ScenarioView } from '../../control/types/index.ts';
import { deleteControl, postControl, readControl } from '../control.ts';
import { faults } from '../live.ts';
import { Box, Button } from '../parts/box.tsx';
import { type Field, FieldRow, Form, type Values } from '../parts/form.tsx';
import { attempt, notify } from '../parts/notice.ts';
import { say } from '../words.ts';
import { faultSentence } from './fault-words.ts';

const scenarios = signal<readonly ScenarioView[]>([]);

export function FaultsBox() {
  useEffect(() => {
    void attempt(async () => (scenarios.value = await readControl<readonly ScenarioView[]>('scenarios')));
  }, []);
  return (
    <Box id="faults" title={{ en: 'Faults', zh: '故障' }}>
      <FaultForm />
      {faults.value.length > 0 && (
        <>
          <ul class="faults">
            {faults.value.map((fault) => {
              const sentence = faultSentence(fault);
              return (
                <li key={String(fault['id'])}>
                  <span class="wrap">{say(sentence)}</span>
                  <Button
                    text={{ en: 'Remove', zh: '移除' }}
                    name={{ en: `Remove: ${sentence.en}`, zh: `移除：${sentence.zh}` }}
                    act={() => deleteControl(`faults/${String(fault['id'])}`)}
                  />
                </li>
              );
            })}
          </ul>
          <Button text={{ en: 'Clear all faults', zh: '清除全部故障' }} act={() => deleteControl('faults')} />
        </>
      )}
      {scenarios.value.length > 0 && <Scenarios />}
    </Box>
  );
}

function Scenarios() {
  return (
    <>
      <h3>{say({ en: 'Scenarios', zh: '场景' })}</h3>
      <ul class="scenarios">
        {scenarios.value.map(({ name, text }) => (
          <li key={name}>
            <span>
              <span class="mono">{name}</span>
              <span class="hint"> {say(text)}</span>
            </span>
            <Button
              text={{ en: 'Start', zh: '启用' }}
              name={{ en: `Start ${name}`, zh: `启用 ${name}` }}
              act={() => postControl('scenario', { name })}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

interface Kind {
  readonly text: Text;
  readonly field?: Pick<Field, 'label' | 'value' | 'kind'>;
  readonly answer: (value: string) => Readonly<Record<string, unknown>>;
}

const html = { 'content-type': 'text/html; charset=utf-8' };

const kinds: Readonly<Record<string, Kind>> = {
  errcode: {
    text: { en: 'an errcode', zh: '返回错误码' },
    field: { label: { en: 'errcode', zh: '错误码' }, value: '45009', kind: 'number' },
    answer: (value) => ({ errcode: Number(value) }),
  },
  status: {
    text: { en: 'an HTTP status', zh: '返回 HTTP 状态码' },
    field: { label: { en: 'Status', zh: '状态码' }, value: '502', kind: 'number' },
    answer: (value) => ({ status: Number(value) }),
  },
  html: {
    text: { en: 'an HTML page', zh: '返回 HTML 页面' },
    answer: () => ({ status: 200, headers: html, body: '<html><body>Bad gateway</body></html>' }),
  },
  garbage: {
    text: { en: 'text that is not JSON', zh: '返回非 JSON 内容' },
    answer: () => ({ body: '{"errcode":' }),
  },
  redirect: {
    text: { en: 'a redirect (307)', zh: '重定向（307）' },
    field: { label: { en: 'To', zh: '目标地址' }, value: 'http://127.0.0.1:9/' },
    answer: (value) => ({ status: 307, headers: { location: value } }),
  },
  drop: { text: { en: 'a reset connection', zh: '连接被重置' }, answer: () => ({ drop: true }) },
  partial: {
    text: { en: 'an answer cut off', zh: '响应中断' },
    field: { label: { en: 'Bytes', zh: '字节数' }, value: '10', kind: 'number' },
    answer: (value) => ({ partial: Number(value) }),
  },
  bomb: {
    text: { en: 'a compression bomb', zh: '压缩炸弹' },
    field: { label: { en: 'MiB', zh: 'MiB' }, value: '100', kind: 'number' },
    answer: (value) => ({ bomb: Number(value) }),
  },
  slow: { text: { en: 'the usual answer, late', zh: '仅延迟' }, answer: () => ({}) },
};

const chosen = signal('errcode');

/** One fault: which call goes wrong, how, and from which time on. */
function FaultForm() {
  const kind = kinds[chosen.value];
  return (
    <Form submit={addFault} action={{ en: 'Add fault', zh: '添加故障' }}>
      <FieldRow of="fault" field={pathField} />
      <div class="field-row">
        <div class="field">
          <label for="fault-kind">{say({ en: 'Answer with', zh: '故障类型' })}</label>
          <select
            id="fault-kind"
            value={chosen.value}
            onChange={({ currentTarget: { value } }) => (chosen.value = value)}
          >
            {Object.entries(kinds).map(([name, { text }]) => (
              <option key={name} value={name} selected={name === chosen.value}>
                {say(text)}
              </option>
            ))}
          </select>
        </div>
        {kind?.field !== undefined && (
          <FieldRow key={chosen.value} field={{ ...kind.field, name: 'value', required: true }} />
        )}
      </div>
      <div class="field-row">
        {timing.map((field) => (
          <FieldRow key={field.name} field={field} />
        ))}
      </div>
      {chosen.value !== 'slow' && (
        <FieldRow
          field={{
            name: 'after',
            label: { en: 'Process the call first', zh: '先正常处理，再返回故障' },
            kind: 'check',
          }}
        />
      )}
    </Form>
  );
}

const pathField: Field = {
  name: 'path',
  label: { en: 'Calls to', zh: '接口路径' },
  value: '/cgi-bin/menu/get',
  list: 'known-paths',
  mono: true,
  required: true,
};

const timing: readonly Field[] = [
  { name: 'skip', label: { en: 'Good calls first', zh: '先放行次数' }, kind: 'number', value: '0', min: 0 },
  {
    name: 'times',
    label: { en: 'Affected calls', zh: '影响次数' },
    kind: 'number',
    value: '1',
    min: 1,
    required: true,
  },
  { name: 'delay', label: { en: 'Delay', zh: '延迟' }, placeholder: '3s' },
];

async function addFault(form: Values): Promise<void> {
  const text = (name: string): string => (form[name] ?? '').trim();
  await postControl('faults', {
    path: text('path'),
    times: Number(text('times')),
    ...(Number(text('skip')) > 0 && { skip: Number(text('skip')) }),
    ...(text('delay') !== '' && { delay: text('delay') }),
    ...(text('after') === 'on' && { after: true }),
    ...kinds[chosen.value]?.answer(text('value')),
  });
  notify({ en: 'Fault added', zh: '故障已添加' });
}
