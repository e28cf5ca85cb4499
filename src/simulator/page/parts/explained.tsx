/** What an errcode means and what to do about it. */
import type { ApiAnswer } from '../../control/types/index.ts';
import { Hint } from './box.tsx';
import { say } from '../words.ts';

export function Explained({
  errcode,
  explanation: { meaning, hint },
}: {
  errcode: number | null;
  explanation: NonNullable<ApiAnswer['explanation']>;
}) {
  return (
    <div class="explained bad">
      <p>
        <strong>{errcode}</strong> {say(meaning)}
      </p>
      {hint !== null && <Hint text={hint} />}
    </div>
  );
}
