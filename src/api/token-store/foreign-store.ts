/** The store of another library as one that this tool fetches for, too: in the library's form, under its lock. */
import { type ForeignKey, writingOf } from '../../core/foreign/index.ts';
import { chooseEntry, type CredentialKey, type StoredEntry } from '../../core/token/index.ts';
import type { Clock, Random, Redis } from '../../io/ports.ts';
import { entryOf, lookUp } from './foreign.ts';
import { libraryDecides, otherCodec, unreadableToken } from './foreign-texts.ts';
import { renewScript, unlockScript } from './redis.ts';
import type { StoreLock, TokenStore } from './store.ts';

export interface ForeignStoreParts {
  readonly redis: () => Promise<Redis>;
  readonly clock: Clock;
  readonly random: Random;
  /** Of a layout that may be written to. */
  readonly key: ForeignKey;
  /** The store, for people. */
  readonly store: string;
  /** Where what is no token is remembered: the cache of this machine. */
  readonly own: TokenStore;
}

/** Replaces what was read, unless it is another by now. */
export const replaceScript = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

/** Where a library has no lock, ours keeps the processes of this tool apart. */
const OWN_LEASE_MS = 30_000;

export function createForeignStore(parts: ForeignStoreParts): TokenStore {
  const { clock, key, store, own, random } = parts;
  const writing = writingOf(key.layout);
  if ('refused' in writing) throw new TypeError(`${key.layout} is read only`);
  /** What this process has put there: it knows more of it than can be read back. */
  let published: StoredEntry | undefined;

  const run = async (script: string, name: string, ...values: string[]): Promise<unknown> => {
    const redis = await parts.redis();
    return await redis.send(name, ['EVAL', script, '1', name, ...values]);
  };
  const read = async (identity: CredentialKey): Promise<StoredEntry | undefined> => {
    const found = await lookUp(await parts.redis(), key, clock.now());
    if (found.state === 'unreadable') throw unreadableToken(key, store, found.obstacle);
    // Whoever finds no end would keep it for ever; the libraries fetch anew then.
    if (found.state === 'absent' || found.endsAtMs === undefined) return undefined;
    if (found.codec !== writing.codec) throw otherCodec(key, store, found.codec);
    if (published?.value === found.value) return published;
    return entryOf(identity, found.value, found.endsAtMs + earlyMs(identity));
  };
  const earlyMs = ({ endpoint }: CredentialKey): number =>
    (endpoint === 'token' || endpoint === 'stable_token' ? writing.early[endpoint] : 0) * 1000;

  return {
    required: true,
    async read(identity) {
      return { entry: await read(identity) };
    },
    async tryLock({ appId }) {
      const lock = writing.lock?.(key.prefix, appId) ?? {
        name: `wechat-mp:{${appId}}:${key.layout}:lock`,
        leaseMs: OWN_LEASE_MS,
      };
      return await takeLock(await parts.redis(), lock, uuid(random), run);
    },
    async publish(identity, candidate, failed) {
      for (;;) {
        const redis = await parts.redis();
        const text = await redis.send(key.name, ['GET', key.name]);
        const current = await read(identity);
        const standing = chooseEntry(current, candidate, clock.now(), failed);
        if (standing === current) return standing;
        const leftMs = standing.expiresAtMs - clock.now();
        const px = Math.max(1000, Math.round(leftMs - earlyMs(identity)));
        const written = writing.encode(standing.value, Math.round(leftMs / 1000));
        published = standing;
        if ((await run(replaceScript, key.name, String(text ?? ''), written, String(px))) === 1)
          return standing;
      }
    },
    readSetback: (identity) => own.readSetback(identity),
    writeSetback: (identity, setback) => own.writeSetback(identity, setback),
    async clear(identity) {
      // Under no AppID lies what is remembered of the way to the platform.
      if (identity.appId === '') return await own.clear(identity);
      throw libraryDecides(key, store);
    },
  };
}

/** As WxJava takes it over RedisTemplate: a string with the owner's value, which only its owner removes. */
async function takeLock(
  redis: Redis,
  { name, leaseMs }: { readonly name: string; readonly leaseMs: number },
  owner: string,
  run: (script: string, name: string, ...values: string[]) => Promise<unknown>,
): Promise<StoreLock> {
  const lease = String(leaseMs);
  if ((await redis.send(name, ['SET', name, owner, 'NX', 'PX', lease])) === 'OK') {
    return {
      held: true,
      renew: async () => (await run(renewScript, name, owner, lease)) === 1,
      unlock: async () => (await run(unlockScript, name, owner)) === 1,
    };
  }
  const leftMs = Number(await redis.send(name, ['PTTL', name]));
  return { held: false, holder: { ageMs: leftMs < 0 ? 0 : Math.max(0, leaseMs - leftMs) } };
}

function uuid(random: Random): string {
  const hex = Buffer.from(random.bytes(16)).toString('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}
