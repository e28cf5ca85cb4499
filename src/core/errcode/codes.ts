/**
 * The table of return codes (全局返回码), a file for each range of numbers: who asks about one code reads one small file.
 * `test/tools/generate-errcodes.mjs` writes the rows; what helps against a code is written by hand beside them.
 */
import type { Text } from '../text/text.ts';

/** What is written by hand about a code that matters. */
export interface Help {
  /** Stable name in snake_case, for example `ip_not_allowed`. */
  readonly type: string;
  /** Whose turn it is; `api` where it is not said. */
  readonly family?: string;
  readonly retryable?: boolean;
  /** A clause that begins small: `the AppID is not valid`. */
  readonly name: Text;
  /** The likeliest first. */
  readonly causes: readonly Text[];
  /** What to do, the first thing first: it is the hint of an error. `{ip}` stands for the address out of the errmsg. */
  readonly fixes: readonly Text[];
  /** Name of a place in the console. */
  readonly where?: string;
  readonly doc?: string;
  /** Commands of this tool that help. */
  readonly next?: readonly string[];
}

/** One row of the platform's table: official Chinese text, errmsg, English meaning. An empty text is not known. */
type Row = readonly string[];

export interface Codes {
  readonly rows: Readonly<Record<string, Row>>;
  readonly helps: Readonly<Record<string, Help>>;
}

type Load = () => Promise<Codes>;

/** By the first number of each range. */
const ranges: readonly (readonly [number, Load])[] = [
  [1_000_000, () => import('./codes/1000000.json')],
  [87_000, () => import('./codes/87000.json')],
  [76_000, () => import('./codes/76000.json')],
  [65_000, () => import('./codes/65000.json')],
  [61_000, () => import('./codes/61000.json')],
  [46_000, () => import('./codes/46000.json')],
  [45_000, () => import('./codes/45000.json')],
  [41_000, () => import('./codes/41000.json')],
  [40_050, () => import('./codes/40050.json')],
];
const first: Load = () => import('./codes/40000.json');
/** The numbers of the official sample code (消息加解密), which never travel. */
const sample: Load = () => import('./codes/sample.json');

/** The part of the table in which a code stands, or would stand. */
export async function readCodes(code: number): Promise<Codes> {
  if (code >= -40_011 && code <= -40_001) return await sample();
  return await (ranges.find(([from]) => code >= from)?.[1] ?? first)();
}

/** The parts of the table one after the other, from the smallest numbers on, where most of what people meet stands. */
export async function* readPartByPart(): AsyncGenerator<Codes> {
  for (const load of [first, ...ranges.map(([, each]) => each).toReversed(), sample]) yield await load();
}

/** All of it, for those who search. */
export async function readAllCodes(): Promise<Codes> {
  const parts: Codes[] = [];
  for await (const part of readPartByPart()) parts.push(part);
  return {
    rows: Object.assign({}, ...parts.map(({ rows }) => rows)),
    helps: Object.assign({}, ...parts.map(({ helps }) => helps)),
  };
}
