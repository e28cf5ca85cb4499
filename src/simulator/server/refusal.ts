import { readCodes } from '../../core/errcode/index.ts';

/**
 * The platform's way of saying no: an errcode and its own English words. Never shown to people as it is;
 * `answers.ts` writes it on the wire.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly errcode: number;
  /** Other words than those of the code. */
  readonly words: string | undefined;
  /** What stands beside the words. */
  readonly facts: Readonly<Record<string, unknown>>;

  /** `words` are given where the platform puts facts into them, for example an address, and for rare codes. */
  constructor(errcode: number, words?: string, facts: Readonly<Record<string, unknown>> = {}) {
    super(words ?? `errcode ${errcode}`);
    this.errcode = errcode;
    this.words = words;
    this.facts = facts;
  }
}

/** Quirk: the spelling is the platform's own (全局返回码), with its mistakes. */
export async function wordsOf({ errcode, words }: Pick<Refusal, 'errcode' | 'words'>): Promise<string> {
  if (words !== undefined) return words;
  const { rows } = await readCodes(errcode);
  const [, official = ''] = rows[String(errcode)] ?? [];
  return official === '' ? (ownWords[errcode] ?? `errcode ${errcode}`) : official;
}

/** English words of ours, where the official table has Chinese ones only. */
const ownWords: Readonly<Record<number, string>> = {
  40243: 'appsecret is frozen',
  53406: 'selling is not open',
  53600: 'invalid article_id',
  76003: 'this request belongs to another account',
  76004: 'rid expired, only rids of the last 7 days are kept',
  89501: 'a confirmation of the administrator is pending, please retry later',
  89503: 'this call needs the confirmation of the administrator, please wait',
  89506: 'the administrator has refused this ip, please retry after 24 hours',
  89507: 'the administrator has refused this ip, please retry after 1 hour',
  200012: 'too many private templates',
  200014: 'invalid tid',
  200016: 'invalid start',
  200017: 'invalid limit',
  200018: 'ids missing',
  200019: 'invalid ids',
  200020: 'invalid kidList',
  200021: 'invalid sceneDesc',
  10170002: 'unsupported article type',
  9410010: 'long_data size out of limit',
  9410011: 'expire_seconds out of limit',
  9410012: 'short_key not found or expired',
};
