/** A small form in a dialog: what a message, a tap or a new person still needs. */
import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Text } from '../../../core/text/text.ts';
import { Button } from './box.tsx';
import { type Field, FieldRow, readFiles, readForm, type Values } from './form.tsx';
import { attempt } from './notice.ts';
import { say } from '../words.ts';

interface Question {
  readonly title: Text;
  readonly action: Text;
  readonly fields: readonly Field[];
  readonly submit: (values: Values) => unknown;
}

const question = signal<Question | null>(null);

/** Opens the dialog. Values are texts by field name; a tick is `on`, a file its data URL. */
export function askFor(asked: Question): void {
  question.value = asked;
}

export function FieldDialog() {
  const asked = question.value;
  return asked === null ? null : <OpenDialog {...asked} />;
}

function OpenDialog({ title, action, fields, submit }: Question) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const finish = async (event: SubmitEvent): Promise<void> => {
    const values = readForm(event);
    const files = await readFiles(event.target as HTMLFormElement);
    dialog.current?.close();
    await submit({ ...values, ...files });
  };
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onClose={() => (question.value = null)}>
      <form onSubmit={(event) => void attempt(() => finish(event))}>
        <h2 id="dialog-title">{say(title)}</h2>
        {fields.map((field) => (
          <FieldRow key={field.name} field={field} />
        ))}
        <div class="actions">
          <Button text={{ en: 'Cancel', zh: '取消' }} act={() => dialog.current?.close()} />
          <button type="submit" class="primary">
            {say(action)}
          </button>
        </div>
      </form>
    </dialog>
  );
}
