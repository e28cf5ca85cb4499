/** A world for the menu commands: what was written to the platform, and what is live in it. */
import type { Fetch, HttpRequest } from '../../src/io/ports.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { fakeWorld, type FakeIoOptions, type FakeWorld } from './fake-io.ts';
import { accountOf, simulatorBase, throughSimulator } from './through-simulator.ts';

export const click = (name: string, key = name): Record<string, string> => ({ type: 'click', name, key });
export const forTag = (tag: number, key: string): Record<string, unknown> => ({
  button: [click('a', key)],
  matchrule: { tag_id: String(tag) },
});
export const forPlatform = (platform: number, key: string): Record<string, unknown> => ({
  button: [click('a', key)],
  matchrule: { client_platform_type: String(platform) },
});

/** A menu file. */
export const menuText = (key: string, ...conditional: readonly unknown[]): string =>
  JSON.stringify({ button: [click('a', key)], ...(conditional.length > 0 && { conditional }) });

export type WriteName = 'create' | 'addconditional' | 'delconditional' | 'delete';

/** What happens to the n-th write, counted from 1; `send` hands it on to the platform. */
export type Meddle = (name: WriteName, count: number, send: () => ReturnType<Fetch>) => ReturnType<Fetch>;

export interface MenuWorld extends FakeWorld {
  /** `create`, `addconditional {"tag_id":"2"}` …: every call that changes something, in order. */
  readonly writes: readonly string[];
  /** The default menu's key, then rule and key of each conditional menu, the oldest first. */
  live(): Promise<readonly string[]>;
  /** What somebody else does meanwhile: a call of the API, or of `/_ctl`. */
  elsewhere(path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>>;
}

export interface MenuWorldOptions extends FakeIoOptions {
  readonly meddle?: Meddle;
  /** Another world's, as two machines have one account. */
  readonly simulator?: Simulator;
}

export function menuWorld({ meddle, simulator: shared, ...options }: MenuWorldOptions = {}): MenuWorld {
  const writes: string[] = [];
  const environment = { ...(shared && accountOf(shared)), ...options.environment };
  const fetch: Fetch = async (request) => {
    const send = () => throughSimulator(simulator)(request);
    const name = writeName(request);
    if (name === undefined) return await send();
    writes.push(describe(name, request));
    return await (meddle === undefined ? send() : meddle(name, writes.length, send));
  };
  const world = fakeWorld({ ...options, environment, fetch });
  const simulator = shared ?? world.simulator;
  const ask = async (path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await simulator.fetch(new Request(simulatorBase + path, init));
    return (await response.json()) as Readonly<Record<string, unknown>>;
  };
  return {
    ...world,
    simulator,
    writes,
    live: async () => liveIn((await ask('/_ctl/menu')) as unknown as Snapshot),
    elsewhere: async (path, body) => {
      if (path.startsWith('/_ctl/')) return await ask(path, body);
      return await ask(`${path}?access_token=${(await world.run('token')).stdout.trim()}`, body);
    },
  };
}

function writeName({ url }: HttpRequest): WriteName | undefined {
  const name = /\/menu\/(create|addconditional|delconditional|delete)$/.exec(new URL(url).pathname)?.[1];
  return name as WriteName | undefined;
}

function describe(name: WriteName, { body }: HttpRequest): string {
  if (name !== 'addconditional') return name;
  const sent = JSON.parse(String(body)) as { readonly matchrule: unknown };
  return `${name} ${JSON.stringify(sent.matchrule)}`;
}

interface Shown {
  readonly button: readonly { readonly key?: string }[];
  readonly matchrule?: unknown;
}

interface Snapshot {
  readonly default: Shown['button'] | null;
  readonly conditional: readonly Shown[];
}

function liveIn(snapshot: Snapshot): readonly string[] {
  const keys = (buttons: Shown['button']) => buttons.map(({ key }) => key ?? '').join(' ');
  return [
    ...(snapshot.default === null ? [] : [keys(snapshot.default)]),
    ...snapshot.conditional.map(({ matchrule, button }) => `${JSON.stringify(matchrule)} ${keys(button)}`),
  ];
}
