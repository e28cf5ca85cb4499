/** The store as one token source sees it: where that harms nobody, the work goes on without the store. */
import type { CredentialKey, Setback, StoredEntry } from '../../core/token/index.ts';
import { WechatMpError } from '../../core/errors.ts';
import type { Text } from '../../core/text/text.ts';
import { cacheRequired, damagedEntry, keptInMemory } from './texts.ts';
import type { StoreLock, TokenStore } from './store.ts';

export class StoreAccess {
  readonly #store: TokenStore;
  readonly #key: CredentialKey;
  readonly #note: (text: Text) => void;
  #troubled = false;
  /** An entry that the store could not take. */
  #unstored: StoredEntry | undefined;

  constructor(store: TokenStore, key: CredentialKey, note: (text: Text) => void) {
    this.#store = store;
    this.#key = key;
    this.#note = note;
  }

  async read(): Promise<StoredEntry | undefined> {
    try {
      const reading = await this.#store.read(this.#key);
      if (reading.damaged !== undefined) this.#note(damagedEntry(reading.damaged));
      return this.#unstored ?? reading.entry;
    } catch (error) {
      this.#overlook(error);
      return this.#unstored;
    }
  }

  /** `undefined` if the store cannot be locked and the work may go on without. */
  async tryLock(): Promise<StoreLock | undefined> {
    try {
      return await this.#store.tryLock(this.#key);
    } catch (error) {
      this.#overlook(error);
      return undefined;
    }
  }

  /** Where that fails the lock merely looks older than it is. */
  async renew(lock: StoreLock & { readonly held: true }): Promise<void> {
    try {
      await lock.renew();
    } catch {
      // The next time is a second away.
    }
  }

  async unlock(lock: StoreLock & { readonly held: true }): Promise<void> {
    try {
      await lock.unlock();
    } catch (error) {
      // The lease ends it. An error here must not hide the one that led here, nor lose a token.
      this.#noteTrouble(error);
    }
  }

  /** Stores the entry and returns the one that stands. A token that came is never lost because the store fails. */
  async publish(entry: StoredEntry, failed: string | undefined): Promise<StoredEntry> {
    try {
      const standing = await this.#store.publish(this.#key, entry, failed);
      this.#unstored = undefined;
      return standing;
    } catch (error) {
      this.#noteTrouble(error);
      this.#unstored = entry;
      return entry;
    }
  }

  /** Under the credential's own key, or under that of the way to the platform. */
  async readSetback(key: CredentialKey = this.#key): Promise<Setback | undefined> {
    try {
      return await this.#store.readSetback(key);
    } catch (error) {
      this.#overlook(error);
      return undefined;
    }
  }

  async writeSetback(setback: Setback, key: CredentialKey = this.#key): Promise<void> {
    // It only saves requests, so a store that cannot keep it changes nothing.
    await this.#store.writeSetback(key, setback).catch(() => undefined);
  }

  async forgetSetback(key: CredentialKey): Promise<void> {
    await this.#store.clear(key).catch(() => undefined);
  }

  clear(): Promise<boolean> {
    this.#unstored = undefined;
    return this.#store.clear(this.#key);
  }

  #overlook(error: unknown): void {
    if (!(error instanceof WechatMpError) || this.#store.required) throw error;
    if (this.#key.endpoint === 'token') throw cacheRequired(error);
    this.#noteTrouble(error);
  }

  /** One note about the store is enough, even if reading and writing fail for different reasons. */
  #noteTrouble(error: unknown): void {
    if (!(error instanceof WechatMpError)) throw error;
    if (this.#troubled) return;
    this.#troubled = true;
    this.#note(keptInMemory(error.text));
  }
}
