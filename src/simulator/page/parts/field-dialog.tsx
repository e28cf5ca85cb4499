/** A small form in a dialog: what a message, a tap or a new person still needs. */
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Text } from '../../../core/text/text.ts';
import { readFiles, readForm } from './form.ts';
import { attempt } from './notice.ts';
import { say } from '../words.ts';

export interface Field {
  readonly name: string;
  readonly label: Text;
  readonly kind: 'text' | 'url' | 'number' | 'select' | 'long' | 'check' | 'file';
  /** What stands there until somebody changes it; another one takes its place. */
  readonly value: string;
  readonly required?: boolean;
  readonly options?: readonly { readonly value: string; readonly label: Text }[];
  /** What is written is for programs: an address, a key. */
  readonly mono?: boolean;
  readonly list?: string;
  readonly rows?: number;
  /** Of a number; any by default. */
  readonly step?: number;
  readonly min?: number;
  readonly max?: number;
  /** Which files: `image/*`. */
  readonly accept?: string;
  readonly hint?: Text;
  readonly placeholder?: string;
}

interface Question {
  readonly title: Text;
  readonly action: Text;
  readonly fields: readonly Field[];
  readonly submit: (values: Readonly<Record<string, string>>) => void;
}

const question = signal<Question | null>(null);

/** Opens the dialog. Values are texts by field name; a tick is `on`, a file its data URL. */
export function askFor(asked: Question): void {
  question.value = asked;
}

export function FieldDialog(): ComponentChild {
  const asked = question.value;
  return asked === null ? null : <OpenDialog {...asked} />;
}

function OpenDialog({ title, action, fields, submit }: Question): ComponentChild {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const finish = async (event: SubmitEvent): Promise<void> => {
    const values = readForm(event);
    const files = await readFiles(event.target as HTMLFormElement);
    dialog.current?.close();
    submit({ ...values, ...files });
  };
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onClose={() => (question.value = null)}>
      <form onSubmit={(event) => void attempt(() => finish(event))}>
        <h2 id="dialog-title">{say(title)}</h2>
        {fields.map((field) => (
          <FieldRow key={field.name} field={field} />
        ))}
        <div class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            {say({ en: 'Cancel', zh: '取消' })}
          </button>
          <button type="submit" class="primary">
            {say(action)}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** A labelled field; also used outside the dialog, where `of` tells forms apart that stand side by side. */
export function FieldRow({ field, of = 'field' }: { field: Field; of?: string }): ComponentChild {
  const id = `${of}-${field.name}`;
  if (field.kind === 'check') {
    return (
      <label class="check">
        <input type="checkbox" name={field.name} key={field.value} defaultChecked={field.value === 'on'} />
        {say(field.label)}
      </label>
    );
  }
  return (
    <div class="field">
      <label for={id}>{say(field.label)}</label>
      <Control field={field} id={id} />
      {field.hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {say(field.hint)}
        </p>
      )}
    </div>
  );
}

function Control({ field, id }: { field: Field; id: string }): ComponentChild {
  const { name, value, kind, required = false, options = [], placeholder, list, mono } = field;
  const common = {
    id,
    name,
    required,
    key: value,
    defaultValue: value,
    placeholder,
    class: mono === true ? 'mono' : undefined,
    spellcheck: mono === true ? false : undefined,
    'aria-describedby': field.hint === undefined ? undefined : `${id}-hint`,
  };
  if (kind === 'select') {
    return (
      <select {...common} spellcheck={undefined}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {say(option.label)}
          </option>
        ))}
      </select>
    );
  }
  if (kind === 'file') return <input id={id} name={name} type="file" accept={field.accept} />;
  if (kind === 'long') return <textarea {...common} rows={field.rows ?? 4} />;
  if (kind === 'number') {
    return <input {...common} type="number" step={field.step ?? 'any'} min={field.min} max={field.max} />;
  }
  return <input {...common} type={kind === 'url' ? 'url' : 'text'} list={list} autocomplete="off" />;
}
