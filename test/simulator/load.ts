/** A simulator under load, as its own process: how fast it stays, how much it remembers, how large it grows. */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { spawnSimulator, type RunningSimulator } from '../helpers/command.ts';

const tokenPath = '/cgi-bin/token';

export interface LoadedSimulator extends RunningSimulator {
  /** So many calls of `cgi-bin/token`, several at a time; the milliseconds that each took. */
  callTokens(count: number): Promise<readonly number[]>;
  /** So many text pushes to a server that answers `success`, several at a time. */
  push(count: number): Promise<readonly number[]>;
  /** How many pushes the developer's server has received. */
  received(): number;
  /** The milliseconds that each `/_ctl/health` took while the work was under way. */
  healthDuring(work: Promise<unknown>): Promise<readonly number[]>;
  /** How many records and pushes the logs have. */
  logs(): Promise<{ readonly requests: number; readonly pushes: number }>;
  /** Resident memory in MiB; `undefined` where the system does not tell. */
  memory(): number | undefined;
}

/** Its heap may grow to 48 MiB and no further: with more, Node would let it grow before it tidies up. */
export async function startLoaded(): Promise<LoadedSimulator> {
  const { url: to, received } = await startDeveloper();
  const simulator = await spawnSimulator(['--to', to, '--mode', 'safe'], {
    NODE_OPTIONS: '--max-old-space-size=48',
  });
  await simulator.control('settings', { quotas: { [tokenPath]: 1_000_000 } });
  await simulator.control('followers', { openid: 'oLoad' });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  onTestFinished(() => agent.destroy());
  const { appid, secret } = simulator;
  const query = new URLSearchParams({ grant_type: 'client_credential', appid, secret });
  const exchange = (path: string, body?: unknown): Promise<number> =>
    timedExchange(agent, `${simulator.url}${path}`, body);
  return {
    ...simulator,
    received,
    callTokens: (count) => inTurns(count, 50, () => exchange(`${tokenPath}?${query}`)),
    push: (count) =>
      inTurns(count, 20, (index) =>
        exchange('/_ctl/push', { type: 'text', from: 'oLoad', set: { Content: `${index}` } }),
      ),
    async healthDuring(work) {
      const state = { isDone: false };
      const end = work.finally(() => (state.isDone = true));
      // Where a health call fails first, nobody waits for the work any more.
      end.catch(() => undefined);
      const took: number[] = [];
      while (!state.isDone) {
        took.push(await exchange('/_ctl/health'));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await end;
      return took;
    },
    logs: async () => ({
      requests: ((await simulator.control('requests')) as readonly unknown[]).length,
      pushes: ((await simulator.control('pushes')) as readonly unknown[]).length,
    }),
    memory: () => residentMiB(simulator.pid),
  };
}

/** The value at a share of the sorted ones: 0.99 for the 99th percentile. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

async function startDeveloper(): Promise<{ url: string; received: () => number }> {
  let received = 0;
  const server = http.createServer((request, response) => {
    received += 1;
    request.resume().on('end', () => response.end('success'));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/wechat`, received: () => received };
}

/** Does the work so often, so many at a time. */
async function inTurns(
  count: number,
  width: number,
  work: (index: number) => Promise<number>,
): Promise<readonly number[]> {
  const took: number[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) took.push(await work((next += 1)));
  };
  await Promise.all(Array.from({ length: width }, worker));
  return took;
}

/** The milliseconds until the whole answer is there; rejects unless it is 200. */
function timedExchange(agent: http.Agent, url: string, body: unknown): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent, method: body === undefined ? 'GET' : 'POST' }, (response) => {
      const { statusCode } = response;
      response.resume().on('error', reject);
      response.on('end', () => {
        if (statusCode === 200) resolve(performance.now() - started);
        else reject(new Error(`${url} answered ${statusCode}`));
      });
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function residentMiB(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
