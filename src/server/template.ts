import { type Fields, type FieldValue, listField } from '../core/message/index.ts';

/** What can be inserted: the fields of a push under their names on the wire, and what a pattern has caught. */
export interface TemplateValues {
  readonly fields: Fields;
  /** By number, `1`, and by name. They come before fields. */
  readonly groups: Readonly<Record<string, string>>;
}

const placeholder = /\{\{\s*([\w.-]+)\s*\}\}/g;

/** Names in `{{…}}`. */
export function placeholdersOf(text: string): readonly string[] {
  return Array.from(text.matchAll(placeholder), (match) => match[1] ?? '');
}

/**
 * Replaces `{{Content}}`, `{{ScanCodeInfo.ScanResult}}`, `{{List.1.TemplateId}}` or `{{1}}` by its value; what a push
 * does not have becomes nothing. Values are not looked through again, so that nobody can write a placeholder into a message.
 */
export function fillTemplate(text: string, { fields, groups }: TemplateValues): string {
  return text.replaceAll(placeholder, (_, name: string) =>
    Object.hasOwn(groups, name) ? (groups[name] ?? '') : fieldAt(fields, name),
  );
}

/** The text at a path; of repeated elements the first, or the one whose number follows, from 0. */
function fieldAt(fields: Fields, path: string): string {
  let found: readonly FieldValue[] = [fields];
  for (const name of path.split('.')) {
    const [first] = found;
    // A list has no names of its own.
    if (typeof first === 'object' && Object.hasOwn(first, name)) found = listField(first as Fields, name);
    else if (/^\d+$/.test(name)) found = found.slice(Number(name), Number(name) + 1);
    else return '';
  }
  return typeof found[0] === 'string' ? found[0] : '';
}
