/** Faults that were asked for, one by one or a whole scenario. */
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ScenarioView } from '../../control/types/index.ts';
import { deleteControl, postControl, readControl } from '../control.ts';
import { faults } from '../live.ts';
import { attempt } from '../parts/notice.ts';
import { say } from '../words.ts';
import { FaultForm } from './fault-form.tsx';

const scenarios = signal<readonly ScenarioView[]>([]);

export function FaultsBox(): ComponentChild {
  useEffect(() => {
    void attempt(async () => (scenarios.value = await readControl<readonly ScenarioView[]>('scenarios')));
  }, []);
  return (
    <section class="card-box" aria-labelledby="faults-title">
      <h2 id="faults-title">{say({ en: 'Faults', zh: '故障' })}</h2>
      <FaultForm />
      {faults.value.length > 0 && (
        <>
          <ul class="faults">
            {faults.value.map((fault, index) => (
              <li key={index} class="mono wrap">
                {JSON.stringify(fault)}
              </li>
            ))}
          </ul>
          <button type="button" onClick={() => void attempt(() => deleteControl('faults'))}>
            {say({ en: 'Take all faults away', zh: '清除全部故障' })}
          </button>
        </>
      )}
      {scenarios.value.length > 0 && <Scenarios />}
    </section>
  );
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
