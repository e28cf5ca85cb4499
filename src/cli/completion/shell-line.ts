/** The line as each shell hands it over, and the answer in a form that its script reads. */
import type { Language } from '../../core/text/text.ts';
import type { Offer } from './complete.ts';

export interface AskedLine {
  /** The words between the program and the one that is being typed. */
  readonly before: readonly string[];
  readonly current: string;
  /** How much of the current word the shell keeps by itself, and must not get again. */
  readonly cut: number;
}

/**
 * `bash <line>` is the line up to the cursor, since bash breaks words at `=` and `:`; the others say their words.
 * `powershell-next` stands for an empty last word, which some versions of PowerShell cannot hand over.
 */
export function readAsked([shell = '', ...words]: readonly string[]): AskedLine {
  const all = shell === 'bash' ? splitLine(words[0] ?? '').slice(1) : words;
  const whole = shell === 'powershell-next' ? [...all, ''] : all;
  const current = whole.at(-1) ?? '';
  const cut = shell === 'bash' ? Math.max(current.lastIndexOf('='), current.lastIndexOf(':')) + 1 : 0;
  return { before: whole.slice(0, -1), current, cut };
}

/** The first line says what the shell adds by itself; each further one is a word, a tab and what it means. */
export function formatReply({ cut }: AskedLine, { candidates, part }: Offer, language: Language): string {
  const lines = candidates.map(({ value, text }) => `${value.slice(cut)}\t${text?.[language] ?? ''}`);
  return [part, ...lines, ''].join('\n');
}

/** Words as a POSIX shell reads them; the last one may be empty, or have an open quote. */
function splitLine(line: string): readonly string[] {
  const words = Array.from(line.matchAll(/(?:[^\s'"\\]|\\.?|'[^']*'?|"(?:[^"\\]|\\.?)*"?)+/gs), ([word]) =>
    unquote(word),
  );
  return /(?:^|[^\\])\s$/.test(line) && !hasOpenQuote(line) ? [...words, ''] : words;
}

function unquote(word: string): string {
  return word.replaceAll(
    /'([^']*)'?|"((?:[^"\\]|\\.?)*)"?|\\(.?)/gs,
    (_, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? '',
  );
}

function hasOpenQuote(line: string): boolean {
  return /['"]/.test(line.replaceAll(/\\.|'[^']*'|"(?:[^"\\]|\\.)*"/gs, ''));
}
