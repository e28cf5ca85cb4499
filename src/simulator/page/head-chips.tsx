/** What makes this simulator unlike an ordinary day, each with a button that ends it. */
import type { ComponentChild } from 'preact';
import type { Text } from '../../core/text/text.ts';
import { deleteControl } from './control.ts';
import { clock, faults, scenario } from './live.ts';
import { attempt, notify } from './parts/notice.ts';
import { movedBy, say } from './words.ts';

export function HeadChips(): ComponentChild {
  const offset = clock.value?.offset_ms ?? 0;
  const waiting = faults.value.length;
  const names = scenario.value.join(', ');
  const moved = movedBy(offset);
  return (
    <>
      {names !== '' && (
        <Chip
          path="scenario"
          text={{ en: `Scenario ${names}`, zh: `场景 ${names}` }}
          end={{ en: 'end it', zh: '结束' }}
          ended={{ en: 'The scenario has ended', zh: '场景已结束' }}
        />
      )}
      {waiting > 0 && (
        <Chip
          path="faults"
          text={{ en: `${waiting} ${waiting === 1 ? 'fault' : 'faults'}`, zh: `${waiting} 个故障` }}
          end={{ en: 'clear', zh: '清除' }}
          ended={{ en: 'All faults are cleared', zh: '故障已全部清除' }}
        />
      )}
      {offset !== 0 && (
        <Chip
          path="clock"
          text={{ en: `Clock ${moved.en}`, zh: `时钟 ${moved.zh}` }}
          end={{ en: 'back to real time', zh: '恢复真实时间' }}
          ended={{ en: 'The clock shows real time again', zh: '时钟已恢复为真实时间' }}
        />
      )}
    </>
  );
}

interface ChipProps {
  readonly text: Text;
  /** What a click does, for those who cannot see the cross. */
  readonly end: Text;
  readonly ended: Text;
  /** What is deleted below `/_ctl/`. */
  readonly path: string;
}

function Chip({ text, end, ended, path }: ChipProps): ComponentChild {
  return (
    <button
      type="button"
      class="head-chip"
      title={say(end)}
      aria-label={say({ en: `${text.en}: ${end.en}`, zh: `${text.zh}：${end.zh}` })}
      onClick={() =>
        void attempt(async () => {
          await deleteControl(path);
          notify(ended);
        })
      }
    >
      {say(text)}
      <span aria-hidden="true">✕</span>
    </button>
  );
}
