/** What an errcode means and what to do about it. */
import type { ComponentChild } from 'preact';
import type { ApiAnswer } from '../../control/types/index.ts';
import { say } from '../words.ts';

export function Explained({
  errcode,
  explanation: { meaning, hint },
}: {
  errcode: number | null;
  explanation: NonNullable<ApiAnswer['explanation']>;
}): ComponentChild {
  return (
    <div class="explained bad">
      <p>
        <strong>{errcode}</strong> {say(meaning)}
      </p>
      {hint !== null && <p class="hint">{say(hint)}</p>}
    </div>
  );
}
