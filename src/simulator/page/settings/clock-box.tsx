/** The simulated clock, which goes only forward, and the way back to the beginning. */
import type { ComponentChild } from 'preact';
import type { Text } from '../../../core/text/text.ts';
import { postControl } from '../control.ts';
import { clock } from '../live.ts';
import { readForm } from '../parts/form.ts';
import { attempt, notify } from '../parts/notice.ts';
import { say, wholeTime } from '../words.ts';

const steps: readonly (readonly [string, Text])[] = [
  ['5m', { en: '5 minutes', zh: '5 分钟' }],
  ['2h', { en: '2 hours', zh: '2 小时' }],
  ['1d', { en: '1 day', zh: '1 天' }],
  ['30d', { en: '30 days', zh: '30 天' }],
];

export function ClockBox(): ComponentChild {
  return (
    <section class="card-box" aria-labelledby="clock-title">
      <h2 id="clock-title">{say({ en: 'Clock', zh: '时钟' })}</h2>
      <p>
        {say({ en: 'Simulated time', zh: '模拟时间' })}{' '}
        <span class="mono">{wholeTime(clock.value?.now ?? '')}</span>
      </p>
      <div class="chips" role="group" aria-label={say({ en: 'Advance the clock by', zh: '时钟前进' })}>
        <span class="hint">{say({ en: 'Advance by', zh: '前进' })}</span>
        {steps.map(([advance, words]) => (
          <button
            key={advance}
            type="button"
            class="chip"
            onClick={() => void attempt(() => postControl('clock', { advance }))}
          >
            {say(words)}
          </button>
        ))}
      </div>
      <form
        class="inline"
        onSubmit={(event) => {
          const { advance } = readForm(event);
          void attempt(() => postControl('clock', { advance }));
        }}
      >
        <label for="advance" class="sr">
          {say({ en: 'Another duration', zh: '其他时长' })}
        </label>
        <input
          id="advance"
          name="advance"
          type="text"
          required
          placeholder={say({ en: 'other, such as 36h', zh: '其他时长，例如 36h' })}
        />
        <button type="submit">{say({ en: 'Advance', zh: '前进' })}</button>
      </form>
      <p class="hint">
        {say({
          en: 'Tokens, tickets and codes expire with it',
          zh: 'access_token、ticket 和二维码会随之过期',
        })}
      </p>
    </section>
  );
}

export function ResetBox(): ComponentChild {
  return (
    <section class="card-box" aria-labelledby="reset-title">
      <h2 id="reset-title">{say({ en: 'Reset', zh: '恢复初始状态' })}</h2>
      <p class="hint">{say({ en: 'Everything as it was at the start', zh: '一切恢复到启动时的状态' })}</p>
      <div class="actions">
        <button type="button" class="danger" onClick={() => void reset()}>
          {say({ en: 'Reset the simulator', zh: '恢复初始状态' })}
        </button>
      </div>
    </section>
  );
}

async function reset(): Promise<void> {
  const question = say({
    en: 'This deletes all followers, chats, menus, codes, tokens and requests. Continue?',
    zh: '将清空所有用户、聊天、菜单、二维码、access_token 和请求记录，是否继续？',
  });
  if (!confirm(question)) return;
  await attempt(() => postControl('reset'));
  notify({ en: 'The simulator has been reset', zh: '已恢复到初始状态' });
}
