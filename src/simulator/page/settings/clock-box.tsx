/** The simulated clock, which goes only forward, and the way back to the beginning. */
import type { Text } from '../../../core/text/text.ts';
import { postControl } from '../control.ts';
import { clock } from '../live.ts';
import { Box, Button, Hint } from '../parts/box.tsx';
import { LineForm } from '../parts/form.tsx';
import { notify } from '../parts/notice.ts';
import { say, wholeTime } from '../words.ts';

const steps: readonly (readonly [string, Text])[] = [
  ['5m', { en: '5 minutes', zh: '5 分钟' }],
  ['2h', { en: '2 hours', zh: '2 小时' }],
  ['1d', { en: '1 day', zh: '1 天' }],
  ['30d', { en: '30 days', zh: '30 天' }],
];

export function ClockBox() {
  return (
    <Box id="clock" title={{ en: 'Clock', zh: '时钟' }}>
      <p>
        {say({ en: 'Simulated time', zh: '模拟时间' })}{' '}
        <span class="mono">{wholeTime(clock.value?.now ?? '')}</span>
      </p>
      <div class="chips" role="group" aria-label={say({ en: 'Advance the clock by', zh: '时钟前进' })}>
        <span class="hint">{say({ en: 'Advance by', zh: '前进' })}</span>
        {steps.map(([advance, words]) => (
          <Button key={advance} class="chip" text={words} act={() => postControl('clock', { advance })} />
        ))}
      </div>
      <LineForm
        id="advance"
        field={{
          name: 'advance',
          label: { en: 'Another duration', zh: '其他时长' },
          required: true,
          placeholder: say({ en: 'other, such as 36h', zh: '其他时长，例如 36h' }),
        }}
        submit={(advance) => postControl('clock', { advance })}
      >
        <button type="submit">{say({ en: 'Advance', zh: '前进' })}</button>
      </LineForm>
      <Hint
        text={{
          en: 'Tokens, tickets and codes expire with it',
          zh: 'access_token、ticket 和二维码会随之过期',
        }}
      />
    </Box>
  );
}

export function ResetBox() {
  return (
    <Box
      id="reset"
      title={{ en: 'Reset', zh: '恢复初始状态' }}
      hint={{ en: 'Everything as it was at the start', zh: '一切恢复到启动时的状态' }}
    >
      <div class="actions">
        <Button class="danger" text={{ en: 'Reset the simulator', zh: '恢复初始状态' }} act={() => reset()} />
      </div>
    </Box>
  );
}

async function reset(): Promise<void> {
  const question = say({
    en: 'This deletes all followers, chats, menus, codes, tokens and requests. Continue?',
    zh: '将清空所有用户、聊天、菜单、二维码、access_token 和请求记录，是否继续？',
  });
  if (!confirm(question)) return;
  await postControl('reset');
  notify({ en: 'The simulator has been reset', zh: '已恢复到初始状态' });
}
