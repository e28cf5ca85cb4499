/** Hostile requests to a relay, and what must not have come of any of them. */
import net from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { readKnownCalls } from '../../src/core/catalogue/index.ts';
import type { CountingPlatform, SeenRequest } from './counting-platform.ts';
import { exchangeBytes } from './hostile.ts';
import type { HostileRequest, RelayTarget } from './hostile-relay.ts';
import { keyOf, type RunningRelay } from './relay-command.ts';

/** The clients that a relay under siege must have in its key file. */
export const besiegedClients = { attacker: '', neighbour: '/token,/ticket,/metrics' } as const;

export interface OtherHost {
  readonly address: string;
  /** How many connections it was asked for. */
  connections(): number;
}

/** A server beside the platform, which nothing may reach. */
export async function startOtherHost(): Promise<OtherHost> {
  let count = 0;
  const server = net.createServer((socket) => {
    count += 1;
    socket.destroy();
  });
  // On every address of this machine, also that of IPv6.
  await new Promise<void>((resolve) => server.listen(0, resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as net.AddressInfo;
  return { address: `127.0.0.1:${port}`, connections: () => count };
}

/** What the requests of a siege are made of; takes a token of the relay as a library would. */
export async function targetOf(
  relay: RunningRelay,
  { appid }: CountingPlatform,
  other: OtherHost,
): Promise<RelayTarget> {
  const key = keyOf('attacker');
  const response = await fetch(`${relay.url}/cgi-bin/stable_token`, {
    method: 'POST',
    body: JSON.stringify({ grant_type: 'client_credential', appid, secret: key }),
  });
  const { access_token: relayToken } = (await response.json()) as { readonly access_token: string };
  return { other: other.address, key, appid, relayToken };
}

/** Sends all of them, some at a time, and returns how often each status came. */
export async function besiege(
  relay: RunningRelay,
  platform: CountingPlatform,
  requests: Iterable<HostileRequest>,
  width: number,
): Promise<Readonly<Record<string, number>>> {
  const statuses: Record<string, number> = {};
  const secrets = [platform.secret, platform.token, keyOf('neighbour')];
  const waiting = requests[Symbol.iterator]();
  const attack = async (): Promise<void> => {
    for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
      const { name, bytes, whole } = next.value;
      const answer = await exchangeBytes(relay.port, bytes, { halfClose: !whole });
      const status =
        answer === ''
          ? 'closed'
          : (/^(?:HTTP\/1\.1 100 Continue\r\n\r\n)?HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'garbled');
      statuses[status] = (statuses[status] ?? 0) + 1;
      expect({ name, status }).toEqual({ name, status: expect.stringMatching(/^(?:closed|200|4\d\d)$/) });
      // One that has an end is answered.
      if (whole) expect({ name, status }).not.toEqual({ name, status: 'closed' });
      for (const secret of secrets) expect(answer, name).not.toContain(secret);
    }
  };
  await Promise.all(Array.from({ length: width }, attack));
  return statuses;
}

/** What the platform has seen is calls that it knows, with its own token, and nothing of the client. */
export async function expectClean(
  relay: RunningRelay,
  platform: CountingPlatform,
  target: RelayTarget,
): Promise<void> {
  const known = new Set((await readKnownCalls()).map(({ path }) => path));
  expect(platform.seen.flatMap((request) => wrongIn(request, known, platform, target))).toEqual([]);
  for (const secret of [platform.secret, platform.token, target.key, target.relayToken, keyOf('neighbour')]) {
    expect(relay.said()).not.toContain(secret);
  }
}

function wrongIn(
  { target, headers }: SeenRequest,
  known: ReadonlySet<string>,
  platform: CountingPlatform,
  { key }: RelayTarget,
): readonly string[] {
  const { pathname, searchParams } = new URL(`http://platform${target}`);
  const rules: Readonly<Record<string, boolean>> = {
    'a path that is not in the catalogue': !known.has(target.split('?', 1)[0] ?? ''),
    'a path that a reader could take for another one': !target.startsWith(pathname),
    'the name of another host': headers.host !== `127.0.0.1:${platform.port}`,
    'not our token, once':
      pathname !== '/cgi-bin/stable_token' && searchParams.getAll('access_token').join() !== platform.token,
    'the key of the client': JSON.stringify([target, headers]).includes(key),
    'headers of the client': Object.keys(headers).some((name) => !ownHeaders.has(name)),
  };
  return Object.entries(rules).flatMap(([rule, isBroken]) => (isBroken ? [`${target}: ${rule}`] : []));
}

const ownHeaders = new Set([
  'host',
  'connection',
  'content-encoding',
  'content-type',
  'content-length',
  'accept',
  'user-agent',
]);
