/** What every panel is made of. */
import type { ComponentChildren } from 'preact';
import type { Text } from '../../../core/text/text.ts';
import { say } from '../words.ts';
import { attempt } from './notice.ts';

interface BoxProps {
  readonly id: string;
  readonly title: Text;
  readonly hint?: Text;
  readonly children: ComponentChildren;
}

/** A part of a panel, with a heading of its own. */
export function Box({ id, title, hint, children }: BoxProps) {
  return (
    <section class="card-box" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{say(title)}</h2>
      {hint !== undefined && <Hint text={hint} id={`${id}-hint`} />}
      {children}
    </section>
  );
}

export function Hint({ text, id }: { text: Text; id?: string }) {
  return (
    <p class="hint" id={id}>
      {say(text)}
    </p>
  );
}

interface ButtonProps {
  readonly text: Text;
  /** The whole name for those who do not see what stands around it. */
  readonly name?: Text;
  readonly class?: string;
  readonly disabled?: boolean;
  readonly act: () => unknown;
}

/** A refusal of what the button does is told. */
export function Button({ text, name, class: look, disabled, act }: ButtonProps) {
  return (
    <button
      type="button"
      class={look}
      disabled={disabled}
      aria-label={name && say(name)}
      onClick={() => void attempt(async () => act())}
    >
      {say(text)}
    </button>
  );
}
