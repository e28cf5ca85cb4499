/** `api --list`: calls of the catalogue that have all the words, in either language, the closest first. */
import { type KnownCall, readKnownCalls } from '../../../core/catalogue/index.ts';
import type { Context } from '../../context.ts';
import { columnsOf, formatTable } from '../../frame/fold.ts';
import { effectNames } from './texts.ts';

export async function printList(context: Context, words: readonly string[]): Promise<number> {
  const wanted = words.flatMap((word) => word.toLowerCase().split(/\s+/)).filter((word) => word !== '');
  const found = (await readKnownCalls())
    .map((call) => ({ call, rank: rankOf(call, wanted) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ call }) => call);
  const rows = found.map(({ method, path, title, effect }) => [
    method,
    path,
    effect === 'read' ? context.say(title) : `${context.say(title)} [${context.say(effectNames[effect])}]`,
  ]);
  context.print({ calls: found.map(summaryOf) }, formatTable(rows, columnsOf(context)));
  if (found.length > 0) {
    context.note({
      en: found.length === 1 ? '1 call found' : `${found.length} calls found`,
      zh: `找到 ${found.length} 个接口`,
    });
    return 0;
  }
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
  group,
}: KnownCall): Readonly<Record<string, unknown>> {
  return { method, path, name, title: title.en, title_zh: title.zh, effect, group };
}

const [whole, beginning, part, none] = [0, 1, 2, Number.POSITIVE_INFINITY];

/** The sum of what each word is in it; infinite where one is missing. */
function rankOf({ method, path, name, title }: KnownCall, wanted: readonly string[]): number {
  const spelled = `${method} ${path} ${name} ${name.replaceAll(/(?=[A-Z])/g, ' ')}`.toLowerCase();
  const titles = `${title.en} ${title.zh}`.toLowerCase();
  return wanted
    .map((word) => {
      const inTitle = placeIn(titles, word);
      // Paths join words (`batchtagging`); in a title a part of a word is another word: `postage`.
      return Math.min(placeIn(spelled, word), inTitle === part ? none : inTitle);
    })
    .reduce((sum, rank) => sum + rank, 0);
}

/** Whether a word stands there as a whole, an English plural included, as the beginning of one or inside. */
function placeIn(text: string, word: string): number {
  let best = none;
  for (let at = text.indexOf(word); at >= 0 && best !== whole; at = text.indexOf(word, at + 1)) {
    const end = at + word.length;
    const ends = !joins(text, end) || (text[end] === 's' && !joins(text, end + 1));
    const begun = ends ? whole : beginning;
    best = Math.min(best, joins(text, at) ? part : begun);
  }
  return best;
}

/** Whether a Latin word goes on over this place; Chinese has no gaps between words. */
function joins(text: string, at: number): boolean {
  return /^[a-z\d]{2}$/.test(text.slice(Math.max(0, at - 1), at + 1));
}
