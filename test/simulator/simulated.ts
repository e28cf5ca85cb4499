import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/simulator.ts';

/** 2026-01-15 12:00 in Beijing. */
export const startMs = Date.UTC(2026, 0, 15, 4);

export interface Simulated extends Simulator {
  /** One call; a value as body is sent as JSON, text and bytes as they are. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** One call and its JSON answer. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<JsonAnswer>;
  /** The errcode of one call, 0 for an answer without one. */
  errcode(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<number>;
  stable(force?: boolean): Promise<JsonAnswer>;
  classic(): Promise<JsonAnswer>;
  /** `/cgi-bin/…?access_token=…` with a good stable token. */
  path(path: string): Promise<string>;
  advance(duration: string): Promise<void>;
  /** What `clock.sleep` was asked for; it returns at once. */
  readonly slept: number[];
}

export interface JsonAnswer {
  readonly errcode?: number;
  readonly errmsg?: string;
  readonly access_token?: string;
  readonly expires_in?: number;
  readonly ticket?: string;
  readonly url?: string;
  readonly [key: string]: unknown;
}

/** A simulator with a fixed clock and seed, and short ways to ask it. */
export function simulate(options: Partial<SimulatorOptions> = {}): Simulated {
  const slept: number[] = [];
  const clock = {
    now: () => startMs,
    monotonic: () => 0,
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds);
    },
  };
  const random = {
    bytes: (): Uint8Array => {
      throw new Error('a seeded simulator must not ask for other randomness');
    },
  };
  const openFetch = (): Promise<never> => Promise.reject(new Error('no push was expected'));
  const simulator = createSimulator({ clock, random, openFetch, seed: 7, ...options });
  const { appId, secret } = simulator.account;
  const call: Simulated['call'] = (method, path, body, headers = {}) => {
    const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
    const init = { method, headers, body: raw ? body : JSON.stringify(body) } as RequestInit;
    return simulator.fetch(new Request(`http://127.0.0.1:8090${path}`, init));
  };
  const ask: Simulated['ask'] = async (...of) => (await (await call(...of)).json()) as JsonAnswer;
  const stable: Simulated['stable'] = (force) =>
    ask('POST', '/cgi-bin/stable_token', {
      grant_type: 'client_credential',
      appid: appId,
      secret,
      ...(force !== undefined && { force_refresh: force }),
    });
  return {
    ...simulator,
    slept,
    call,
    ask,
    stable,
    classic: () => ask('GET', `/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${secret}`),
    errcode: async (...of) => (await ask(...of)).errcode ?? 0,
    path: async (path) => {
      const { access_token: token } = await stable();
      return `${path}${path.includes('?') ? '&' : '?'}access_token=${token}`;
    },
    advance: async (duration) => {
      const response = await call('POST', '/_ctl/clock', { advance: duration });
      if (response.status !== 200) throw new Error(await response.text());
    },
  };
}
