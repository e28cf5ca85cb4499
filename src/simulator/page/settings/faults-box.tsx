/** Faults that were asked for, one or a whole scenario. */
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ScenarioView } from '../../console-types.ts';
import { postControl, readControl } from '../control.ts';
import { faults } from '../live.ts';
import { readForm } from '../parts/form.ts';
import { attempt, notify } from '../parts/notice.ts';
import { say } from '../words.ts';

const scenarios = signal<readonly ScenarioView[]>([]);

export function FaultsBox(): ComponentChild {
  useEffect(() => {
    void attempt(async () => (scenarios.value = await readControl<readonly ScenarioView[]>('scenarios')));
  }, []);
  return (
    <section class="card-box" aria-labelledby="faults-title">
      <h2 id="faults-title">{say({ en: 'Faults', zh: '故障' })}</h2>
      <form onSubmit={(event) => void addFault(readForm(event))}>
        <div class="field">
          <label for="fault-path">{say({ en: 'The next call of', zh: '下一次调用' })}</label>
          <input
            id="fault-path"
            name="path"
            class="mono"
            type="text"
            required
            defaultValue="/cgi-bin/menu/get"
          />
        </div>
        <div class="field-row">
          <div class="field">
            <label for="fault-errcode">{say({ en: 'answers errcode', zh: '返回错误码' })}</label>
            <input id="fault-errcode" name="errcode" type="number" defaultValue="45009" />
          </div>
          <div class="field">
            <label for="fault-delay">{say({ en: 'after a delay of', zh: '延迟' })}</label>
            <input id="fault-delay" name="delay" type="text" placeholder="3s" />
          </div>
          <div class="field">
            <label for="fault-times">{say({ en: 'times', zh: '次数' })}</label>
            <input id="fault-times" name="times" type="number" min="1" required defaultValue="1" />
          </div>
        </div>
        <div class="actions">
          <button type="submit">{say({ en: 'Add the fault', zh: '添加故障' })}</button>
        </div>
      </form>
      {faults.value.length > 0 && (
        <ul class="faults">
          {faults.value.map((fault, index) => (
            <li key={index} class="mono wrap">
              {JSON.stringify(fault)}
            </li>
          ))}
        </ul>
      )}
      {scenarios.value.length > 0 && <Scenarios />}
    </section>
  );
}

async function addFault(form: Readonly<Record<string, string>>): Promise<void> {
  const text = (name: string): string => (form[name] ?? '').trim();
  await attempt(async () => {
    await postControl('faults', {
      path: text('path'),
      times: Number(text('times')),
      ...(text('errcode') !== '' && { errcode: Number(text('errcode')) }),
      ...(text('delay') !== '' && { delay: text('delay') }),
    });
    notify({ en: 'The fault waits for its call', zh: '故障已就绪，等待调用' });
  });
}

function Scenarios(): ComponentChild {
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
            <button
              type="button"
              aria-label={say({ en: `Start ${name}`, zh: `启用 ${name}` })}
              onClick={() => void attempt(() => postControl('scenario', { name }))}
            >
              {say({ en: 'Start', zh: '启用' })}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
