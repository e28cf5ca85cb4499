/** `api --list`: calls of the catalogue that have all the words, in either language. */
import { type CallSummary, readCallList } from '../../../core/catalogue/index.ts';
import type { Context } from '../../context.ts';
import { formatTable } from '../../frame/fold.ts';
import { effectNames } from './texts.ts';

export async function printList(context: Context, words: readonly string[]): Promise<number> {
  const wanted = words.flatMap((word) => word.toLowerCase().split(/\s+/)).filter((word) => word !== '');
  const found = (await readCallList()).filter((call) => wanted.every((word) => textOf(call).includes(word)));
  const rows = found.map(({ method, path, title, effect }) => [
    method,
    path,
    effect === 'read' ? context.say(title) : `${context.say(title)} [${context.say(effectNames[effect])}]`,
  ]);
  context.print({ calls: found.map(summaryOf) }, formatTable(rows));
  if (found.length > 0) return 0;
  context.note({
    en: `No call has ${wanted.join(' and ')} in its path or title; fewer words find more`,
    zh: `没有路径或名称包含 ${wanted.join(' 和 ')} 的接口，可以减少关键词`,
  });
  return 1;
}

/** What `--json` says of a call everywhere. */
export function summaryOf({
  method,
  path,
  name,
  title,
  effect,
}: CallSummary): Readonly<Record<string, unknown>> {
  return { method, path, name, title: title.en, title_zh: title.zh, effect };
}

function textOf({ name, path, title, method }: CallSummary): string {
  return `${method} ${path} ${name} ${title.en} ${title.zh}`.toLowerCase();
}
