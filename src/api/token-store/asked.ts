/** Tokens and tickets that somebody else keeps and hands out: nothing is stored here, and nothing fetched from WeChat. */
import type { Clock } from '../../io/ports.ts';
import type { Credential, TokenSource } from '../token-source.ts';

export interface AskedParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly ask: () => Promise<Credential>;
  /** The error for who wants a new one by force: only its keeper decides. */
  readonly refuseForce: () => Error;
}

/** Asks once for all who want it in this process, until it ends or is refused; a failure is not kept. */
export function createAskedSource({ clock, ask, refuseForce }: AskedParts): TokenSource {
  let current: Promise<Credential> | undefined;
  const asked = (): Promise<Credential> => {
    const asking = ask();
    current = asking;
    void asking.catch(() => {
      if (current === asking) current = undefined;
    });
    return asking;
  };
  const unless = async (isOver: (known: Credential) => boolean): Promise<Credential> => {
    if (current === undefined) return await asked();
    const before = current;
    const known = await before;
    if (!isOver(known)) return known;
    // Of those who find out together the first one asks.
    return await (current === undefined || current === before ? asked() : current);
  };
  return {
    async get({ force = false } = {}) {
      if (force) throw refuseForce();
      return await unless(({ expiresAtMs }) => expiresAtMs <= clock.now());
    },
    renew: async (failed) => await unless(({ value }) => value === failed),
    peek: async () => undefined,
    clear: async () => false,
  };
}
