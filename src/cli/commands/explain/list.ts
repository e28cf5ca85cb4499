/** `explain --list [words]`: every code that can be explained, or those that have all of the words. */
import type { Context } from '../../context.ts';
import { columnsOf, formatTable } from '../../frame/fold.ts';
import { namesOf } from './print.ts';

/** Exit 1 where no code has the words. */
export async function printList(context: Context, words: readonly string[]): Promise<number> {
  const { findByWords } = await import('../../../core/explain/search.ts');
  const found = await findByWords(words.flatMap((word) => word.split(/\s+/)).filter((word) => word !== ''));
  const codes = found.map((one) => ({ kind: one.kind, code: one.code, names: namesOf(one) }));
  const rows = found.map(({ code, names }) => [
    String(code),
    names.type === undefined || names.type === code || names.type.startsWith('errcode_') ? '' : names.type,
    context.say(names.meaning),
  ]);
  const none = { en: 'No code has these words', zh: '没有含有这些关键词的代码' };
  context.print(
    { ok: found.length > 0, codes },
    found.length === 0 ? context.say(none) : formatTable(rows, columnsOf(context)),
  );
  return found.length === 0 ? 1 : 0;
}
