/** A choice that follows the account until somebody changes it. */
import type { ComponentChild } from 'preact';
import type { Text } from '../../../core/text/text.ts';
import { say } from '../words.ts';

interface ChoiceProps {
  readonly name: string;
  readonly id: string;
  /** What the account has. */
  readonly value: unknown;
  readonly choices: readonly (readonly [value: string, words: Text])[];
}

export function Choice({ name, id, value, choices }: ChoiceProps): ComponentChild {
  return (
    <select id={id} name={name} key={String(value)}>
      {choices.map(([choice, words]) => (
        <option key={choice} value={choice} selected={choice === value}>
          {say(words)}
        </option>
      ))}
    </select>
  );
}
