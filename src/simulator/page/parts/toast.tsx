/** Draws the notice. The region is always there: screen readers announce what changes in it. */
import type { ComponentChild } from 'preact';
import { say } from '../words.ts';
import { notice } from './notice.ts';

export function Toast(): ComponentChild {
  const shown = notice.value;
  return (
    <div class="toast-place" role={shown?.isBad === true ? 'alert' : 'status'}>
      {shown !== null && <p class={`toast${shown.isBad ? ' bad' : ''}`}>{say(shown.text)}</p>}
    </div>
  );
}
