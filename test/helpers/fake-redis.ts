/** A Redis in memory by the clock of the test: what the stores of other libraries need of one, and nothing more. */
import { replaceScript } from '../../src/api/token-store/foreign-store.ts';
import { renewScript, unlockScript } from '../../src/api/token-store/redis.ts';
import type { Clock, Redis, RedisReply } from '../../src/io/ports.ts';

type Stored = string | ReadonlyMap<string, string> | readonly string[];

export interface FakeRedis extends Redis {
  /** Every command, in order. */
  readonly commands: (readonly string[])[];
  /** Without `px` it stays for ever. */
  set(name: string, value: Stored, px?: number): void;
  get(name: string): Stored | undefined;
  /** As PTTL answers. */
  left(name: string): number;
}

export function createFakeRedis(clock: Pick<Clock, 'now'>): FakeRedis {
  const keys = new Map<string, { readonly value: Stored; endsAtMs: number }>();
  const commands: (readonly string[])[] = [];
  const alive = (name: string) => {
    const found = keys.get(name);
    if (found !== undefined && found.endsAtMs <= clock.now()) keys.delete(name);
    return keys.get(name);
  };
  const set = (name: string, value: Stored, px?: number): void =>
    void keys.set(name, { value, endsAtMs: px === undefined ? Number.POSITIVE_INFINITY : clock.now() + px });
  const get = (name: string): Stored | undefined => alive(name)?.value;
  const left = (name: string): number => {
    const found = alive(name);
    if (found === undefined) return -2;
    return found.endsAtMs === Number.POSITIVE_INFINITY ? -1 : found.endsAtMs - clock.now();
  };
  const typeOf = (value: Stored | undefined): string => {
    if (value === undefined) return 'none';
    if (typeof value === 'string') return 'string';
    return Array.isArray(value) ? 'list' : 'hash';
  };
  const scripts: Readonly<Record<string, (name: string, values: readonly string[]) => number>> = {
    [replaceScript]: (name, [before, after = '', px]) => {
      if ((get(name) ?? '') !== before) return 0;
      set(name, after, Number(px));
      return 1;
    },
    [renewScript]: (name, [owner, px]) => {
      const found = alive(name);
      if (found === undefined || found.value !== owner) return 0;
      found.endsAtMs = clock.now() + Number(px);
      return 1;
    },
    [unlockScript]: (name, [owner]) => (get(name) === owner && keys.delete(name) ? 1 : 0),
  };
  const answer = ([verb = '', name = '', ...rest]: readonly string[]): RedisReply => {
    if (verb === 'TYPE') return typeOf(get(name));
    if (verb === 'PTTL') return left(name);
    if (verb === 'GET') {
      const value = get(name) ?? null;
      if (typeof value === 'string' || value === null) return value;
      throw new Error('WRONGTYPE');
    }
    if (verb === 'HGET') {
      const value = get(name);
      return value instanceof Map ? ((value.get(rest[0] ?? '') as string | undefined) ?? null) : null;
    }
    if (verb === 'SET') {
      if (rest.includes('NX') && alive(name) !== undefined) return null;
      set(name, rest[0] ?? '', Number(rest.at(-1)));
      return 'OK';
    }
    if (verb === 'SCAN') {
      // Two keys a step, the second time around for ever more.
      const at = Number(name);
      const all = [...keys.keys()].filter((key) => alive(key) !== undefined);
      return [at + 2 >= all.length ? '0' : String(at + 2), all.slice(at, at + 2)];
    }
    if (verb === 'EVAL') {
      const [, key = '', ...values] = rest;
      const script = scripts[name];
      if (script !== undefined) return script(key, values);
    }
    throw new Error(`the fake Redis knows no ${verb}`);
  };
  return {
    commands,
    set,
    get,
    left,
    async send(_, command) {
      commands.push(command);
      return answer(command);
    },
  };
}
