/** Where credentials live between processes. */
import type { CredentialKey, Setback, StoredEntry } from '../../core/token/index.ts';
import type { LockHolder } from '../../io/ports.ts';

/** What a store holds under a key. */
export interface Reading {
  readonly entry?: StoredEntry | undefined;
  /** Where something lies that is no entry, in words for people: a path. It counts as nothing. */
  readonly damaged?: string;
}

/** How often a holder says that it still works. */
export const RENEW_EVERY_MS = 1000;

export type StoreLock =
  | {
      readonly held: true;
      unlock(): Promise<unknown> | boolean;
      /** Begins the lease anew; to be called every `RENEW_EVERY_MS`. */
      renew(): Promise<unknown> | boolean;
    }
  | { readonly held: false; readonly holder: LockHolder };

/**
 * One store serves any number of keys. Every method may throw a `WechatMpError` that names the place;
 * whether the work goes on without the store is decided by `required` and by the one who asks.
 */
export interface TokenStore {
  /** A store that was chosen on purpose is required: its failure is an error, not a note. */
  readonly required: boolean;
  read(key: CredentialKey): Promise<Reading>;
  /**
   * One attempt. The lock outlives a killed holder by at most 30 s. It is taken from one that has been silent for 5 s,
   * but for the classic endpoint, where a second request would end the token that the first one brings.
   */
  tryLock(key: CredentialKey): Promise<StoreLock>;
  /**
   * Stores the entry unless a later issued one stands there (`chooseEntry`), and forgets the setback.
   * Returns the entry that stands afterwards. `failed` is a value that must not stand in the way.
   */
  publish(key: CredentialKey, entry: StoredEntry, failed?: string): Promise<StoredEntry>;
  readSetback(key: CredentialKey): Promise<Setback | undefined>;
  writeSetback(key: CredentialKey, setback: Setback): Promise<void>;
  /** Forgets everything under the key. Returns whether there was an entry. */
  clear(key: CredentialKey): Promise<boolean>;
}
