/** Forms and their fields. The browser sends none of them itself: `submit` gets what was filled in. */
import type { ComponentChildren } from 'preact';
import type { Text } from '../../../core/text/text.ts';
import { Hint } from './box.tsx';
import { attempt } from './notice.ts';
import { say } from '../words.ts';

export interface Field {
  readonly name: string;
  readonly label: Text;
  /** A line of text by default. */
  readonly kind?: 'url' | 'number' | 'select' | 'long' | 'check' | 'file';
  /** What stands there until somebody changes it; another one takes its place. */
  readonly value?: string;
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

/** The texts of a form by field name; a tick is `on`, a file its data URL. */
export type Values = Readonly<Record<string, string>>;

interface FormProps {
  /** A refusal is told. */
  readonly submit: (values: Values) => unknown;
  readonly action?: Text;
  readonly children: ComponentChildren;
}

export function Form({ submit, action = { en: 'Save', zh: '保存' }, children }: FormProps) {
  return (
    <form onSubmit={(event) => void attempt(async () => submit(readForm(event)))}>
      {children}
      <div class="actions">
        <button type="submit">{say(action)}</button>
      </div>
    </form>
  );
}

interface LineFormProps {
  readonly field: Field;
  readonly id: string;
  readonly submit: (text: string) => unknown;
  /** The button. */
  readonly children: ComponentChildren;
}

/** A single field with its button beside it. */
export function LineForm({ field, id, submit, children }: LineFormProps) {
  const send = async (event: SubmitEvent) => submit((readForm(event)[field.name] ?? '').trim());
  return (
    <form class="inline" onSubmit={(event) => void attempt(() => send(event))}>
      <label for={id} class="sr">
        {say(field.label)}
      </label>
      <Control field={field} id={id} />
      {children}
    </form>
  );
}

/** A labelled field; `of` tells forms apart that stand side by side. */
export function FieldRow({ field, of = 'field' }: { field: Field; of?: string }) {
  const { kind, name, label, hint, value = '' } = field;
  const id = `${of}-${name}`;
  if (kind === 'check') {
    return (
      <label class="check">
        <input type="checkbox" name={name} key={value} defaultChecked={value === 'on'} />
        {say(label)}
      </label>
    );
  }
  return (
    <div class="field">
      <label for={id}>{say(label)}</label>
      <Control field={field} id={id} />
      {hint !== undefined && <Hint text={hint} id={`${id}-hint`} />}
    </div>
  );
}

function Control({ field, id }: { field: Field; id: string }) {
  const { name, value = '', kind, required = false, options = [], placeholder, list, mono } = field;
  const common = {
    id,
    name,
    required,
    key: value,
    defaultValue: value,
    placeholder,
    class: mono === true ? 'mono' : undefined,
    spellcheck: mono === true ? false : undefined,
    'aria-describedby': field.hint && `${id}-hint`,
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

interface TickProps {
  readonly text: Text;
  readonly name?: string;
  readonly isOn: boolean;
  readonly set: (isOn: boolean) => unknown;
}

/** A tick that acts at once. */
export function Tick({ text, name, isOn, set }: TickProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        name={name}
        checked={isOn}
        onChange={({ currentTarget: { checked } }) => set(checked)}
      />
      {say(text)}
    </label>
  );
}

export const showSecrets: Text = { en: 'Show secrets', zh: '显示密钥' };

export function readForm(event: SubmitEvent): Values {
  event.preventDefault();
  const texts: Record<string, string> = {};
  for (const [name, value] of new FormData(event.currentTarget as HTMLFormElement)) {
    if (typeof value === 'string') texts[name] = value;
  }
  return texts;
}

export async function readFiles(form: HTMLFormElement): Promise<Values> {
  const chosen = [...new FormData(form)].filter(
    (entry): entry is [string, File] => entry[1] instanceof File && entry[1].size > 0,
  );
  return Object.fromEntries(
    await Promise.all(chosen.map(async ([name, file]) => [name, await readDataUrl(file)] as const)),
  );
}

/** The words of a list that somebody typed. */
export function splitList(text = ''): readonly string[] {
  return text.split(/[\s,，;；]+/).filter((word) => word !== '');
}

export function readDataUrl(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result as string));
    reader.addEventListener('error', () => reject(reader.error ?? new Error('unreadable')));
    reader.readAsDataURL(file);
  });
}
