/** Values in PHP's own serialization. Its lengths count bytes, so the text is read as bytes. */

/** The value, or `undefined` for what is none: of texts, numbers, booleans, null, and arrays of these. */
export function parsePhp(text: string): unknown {
  const reader = new Reader(Buffer.from(text));
  try {
    const value = reader.value(0);
    return reader.isAtEnd ? value : undefined;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** Whether it looks like one, damaged or not. */
export function looksLikePhp(text: string): boolean {
  return /^(?:[aOs]:\d+:|[bid]:|N;)/.test(text);
}

class Malformed extends Error {}

const deepest = 16;

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): unknown {
    if (depth > deepest) throw new Malformed();
    const kind = this.#take(2);
    if (kind === 'N;') return null;
    if (kind === 's:') return this.#string();
    if (kind === 'i:' || kind === 'd:') return this.#number(';');
    if (kind === 'b:') return this.#number(';') !== 0;
    if (kind !== 'a:') throw new Malformed();
    const count = this.#number(':');
    this.#expect('{');
    const fields: [string, unknown][] = [];
    for (let index = 0; index < count; index += 1) {
      const name = this.value(deepest);
      if (typeof name !== 'string' && typeof name !== 'number') throw new Malformed();
      fields.push([String(name), this.value(depth + 1)]);
    }
    this.#expect('}');
    return Object.fromEntries(fields);
  }

  #string(): string {
    const length = this.#number(':');
    this.#expect('"');
    const text = this.#take(length);
    this.#expect('";');
    return text;
  }

  #number(end: string): number {
    const stop = this.#bytes.indexOf(end, this.#at);
    const number = stop === -1 ? Number.NaN : Number(this.#take(stop - this.#at) || Number.NaN);
    if (!Number.isFinite(number)) throw new Malformed();
    this.#expect(end);
    return number;
  }

  #expect(text: string): void {
    if (this.#take(text.length) !== text) throw new Malformed();
  }

  #take(count: number): string {
    const end = this.#at + count;
    if (!(count >= 0) || end > this.#bytes.length) throw new Malformed();
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end;
    return text;
  }
}
