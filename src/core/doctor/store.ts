/** Whether a Redis will take and keep tokens: what it says of itself in answer to `INFO`. */
import type { Text } from '../text/text.ts';
import type { Finding } from './rows.ts';
import * as say from './texts.ts';

export interface SeenStore {
  /** For people: without a password. */
  readonly name: string;
  /** Where it is configured. */
  readonly place: Text;
  readonly tookMs: number;
  /** The answer to `INFO`; nothing where this user may not ask. */
  readonly info: string | undefined;
  /** Whether tokens are only read there. */
  readonly isRead: boolean;
}

/** Beyond this part of its memory, a Redis soon forgets keys or takes no more. */
const nearlyFull = 0.9;

export function judgeStore({ name, place, tookMs, info = '', isRead }: SeenStore): Finding {
  const fields = readInfo(info);
  // A node of a cluster hands writes on to the primary.
  const isReplica = fields.get('role') === 'slave' && fields.get('redis_mode') !== 'cluster';
  const isClosed = fields.get('slave_read_only') === '1';
  if (isReplica && isClosed && !isRead) return { status: 'fail', ...say.replicaStore(name) };
  const policy = fields.get('maxmemory_policy') ?? '';
  const limit = Number(fields.get('maxmemory') ?? 0);
  const part = limit > 0 ? Number(fields.get('used_memory') ?? 0) / limit : 0;
  if (policy === 'noeviction' && part >= 1 && !isRead) return { status: 'fail', ...say.fullStore(name) };
  if (part >= nearlyFull) return { status: 'warn', ...say.nearlyFullStore(name, part, policy) };
  return { status: 'pass', text: say.goodStore({ name, place, tookMs, policy, isReplica }) };
}

/** Lines `name:value`; headings begin with `#`. */
function readInfo(info: string): ReadonlyMap<string, string> {
  return new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf(':');
      return at <= 0 || line.startsWith('#') ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
}
