/** Commands to a Redis, which sentinels may name and a cluster may pass on. Loaded only where one is configured. */
import { createClient, ErrorReply } from '@redis/client';
import type { RedisAddress, StoreNode } from '../../core/token/index.ts';
import type { Redis, RedisReply } from '../ports.ts';
import { describeRefusal, describeTrouble, SilentStore } from './redis-errors.ts';

/** Nothing is sent before the first command. `timeoutMs` is for one command with all that it needs. */
export function openRedis(address: RedisAddress, timeoutMs: number): Redis {
  const way = new Way(address, timeoutMs);
  return {
    async send(key, command) {
      let alarm: NodeJS.Timeout | undefined;
      const silence = new Promise<never>((_, reject) => {
        // It also keeps the process alive while the sockets, being unreferenced, do not.
        alarm = setTimeout(() => reject(new SilentStore()), timeoutMs);
      });
      try {
        return await Promise.race([way.send(key, command), silence]);
      } catch (error) {
        if (error instanceof ErrorReply) throw describeRefusal(address, error.message);
        way.close();
        throw describeTrouble(address, error, timeoutMs);
      } finally {
        clearTimeout(alarm);
      }
    },
  };
}

/** One connection. */
interface Line {
  send(command: readonly string[]): Promise<RedisReply>;
  close(): void;
}

async function connect(
  address: RedisAddress,
  { host, port }: StoreNode,
  timeoutMs: number,
  login: boolean,
): Promise<Line> {
  const { username, password, database, tls } = address;
  const client = createClient({
    socket: { host, port, connectTimeout: timeoutMs, reconnectStrategy: false, ...(tls ? { tls } : {}) },
    ...(login && password !== undefined ? { password, ...(username === undefined ? {} : { username }) } : {}),
    ...(login ? { database } : {}),
    // Older servers and proxies know no other protocol and no client names.
    RESP: 2,
    disableClientInfo: true,
    disableOfflineQueue: true,
  });
  // Quirk: what is no Redis makes the client tell an error here, and leaves the command waiting for ever.
  const broken = new Promise<never>((_, reject) => client.on('error', reject));
  broken.catch(() => undefined);
  await Promise.race([client.connect(), broken]);
  client.unref();
  return {
    send: (command) => Promise.race([client.sendCommand<RedisReply>([...command]), broken]),
    close: () => client.destroy(),
  };
}

/** Where to send a command to, and the connections that stand. */
class Way {
  readonly #address: RedisAddress;
  readonly #timeoutMs: number;
  readonly #lines = new Map<string, Promise<Line>>();
  /** Where a cluster keeps a key. */
  readonly #homes = new Map<string, StoreNode>();
  #main: Promise<StoreNode> | undefined;

  constructor(address: RedisAddress, timeoutMs: number) {
    this.#address = address;
    this.#timeoutMs = timeoutMs;
  }

  async send(key: string, command: readonly string[]): Promise<RedisReply> {
    for (let attempt = 1; ; attempt += 1) {
      const node = this.#homes.get(key) ?? (await (this.#main ??= this.#findMain()));
      const stood = this.#lines.has(nameOf(node));
      try {
        return await (await this.#line(node)).send(command);
      } catch (error) {
        if (attempt === 3 || !this.#mend(error, key, stood)) throw error;
      }
    }
  }

  /** Whether another attempt has a chance: somewhere else, or on a connection that is not an old one. */
  #mend(error: unknown, key: string, stood: boolean): boolean {
    if (!(error instanceof ErrorReply)) {
      this.close();
      return stood;
    }
    const [, host, port] = /^(?:MOVED|ASK) \d+ (.*):(\d+)$/.exec(error.message) ?? [];
    if (port !== undefined) {
      // An empty host means the one that said so.
      this.#homes.set(key, { host: host || this.#address.nodes[0].host, port: Number(port) });
      return true;
    }
    if (this.#address.sentinelName === undefined || !error.message.startsWith('READONLY')) return false;
    // The sentinels have chosen another one meanwhile.
    this.close();
    return true;
  }

  close(): void {
    for (const line of this.#lines.values()) {
      // One that never connected has nothing to close, and its failure was told.
      line.then((open) => open.close()).catch(() => undefined);
    }
    this.#lines.clear();
    this.#homes.clear();
    this.#main = undefined;
  }

  #line(node: StoreNode): Promise<Line> {
    const name = nameOf(node);
    const found = this.#lines.get(name) ?? connect(this.#address, node, this.#timeoutMs, true);
    this.#lines.set(name, found);
    return found;
  }

  /** The only node there is, or the one that the first sentinel who knows names. */
  async #findMain(): Promise<StoreNode> {
    const { nodes, sentinelName } = this.#address;
    if (sentinelName === undefined) return nodes[0];
    let trouble: unknown;
    for (const node of nodes) {
      try {
        const sentinel = await connect(this.#address, node, this.#timeoutMs, false);
        const found = await sentinel.send(['SENTINEL', 'get-master-addr-by-name', sentinelName]);
        sentinel.close();
        const [host, port] = Array.isArray(found) ? found : [];
        if (typeof host === 'string') return { host, port: Number(port) };
        trouble ??= new ErrorReply(`no sentinel knows "${sentinelName}"`);
      } catch (error) {
        trouble ??= error;
      }
    }
    this.#main = undefined;
    throw trouble;
  }
}

function nameOf({ host, port }: StoreNode): string {
  return `${host}:${port}`;
}
