/** `wechat-mp serve`, and what WeChat does towards it, calculated without our own code. */
import type { ChildProcess } from 'node:child_process';
import http from 'node:http';
import { createRequire } from 'node:module';
import { onTestFinished } from 'vitest';
import { ended, start, type Ended, type RunOptions } from '../helpers/command.ts';
import { startHere } from '../helpers/in-process.ts';
import { signedQueryOf, type Target } from '../helpers/hostile.ts';

interface Event {
  readonly type: string;
  readonly id: string;
  readonly [name: string]: unknown;
}

export interface Serving {
  readonly url: string;
  /** The same for those who write their requests byte by byte. */
  readonly target: Target;
  readonly ended: Promise<Ended>;
  /** All events so far, the first line apart; complete only when it has ended. */
  readonly events: readonly Event[];
  /** The next event that was not taken yet. */
  next(): Promise<Event>;
  /** The first so many events: they come through a pipe, which may be slower than the answer that they tell of. */
  first(count: number): Promise<readonly Event[]>;
  /** Ends it as SIGTERM would. */
  stop(): void;
}

/** The example account of the official page. */
export const account = {
  appId: 'wxba5fad812f8e6fb9',
  callbackToken: 'AAAAA',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
};
export const accountEnvironment = {
  WECHAT_MP_APPID: account.appId,
  WECHAT_MP_CALLBACK_TOKEN: account.callbackToken,
  WECHAT_MP_AES_KEY: account.aesKey,
};

type Options = Pick<RunOptions, 'env' | 'cwd'>;

/** Starts it on a free port, in the process of the tests; it is gone after the test. */
export async function startServing(
  words: readonly string[] = [],
  { env = accountEnvironment, ...options }: Options = {},
): Promise<Serving> {
  const lines = readLines();
  const running = startHere(commandOf(words), { env, ...options }, lines.add);
  onTestFinished(async () => {
    running.stop();
    await running.ended;
  });
  return await serving(lines, running.ended, running.stop);
}

export interface SpawnedServing extends Serving {
  readonly child: ChildProcess;
}

/** The same as a process of its own. */
export async function spawnServing(
  words: readonly string[] = [],
  { env = accountEnvironment, ...options }: Options = {},
): Promise<SpawnedServing> {
  const lines = readLines();
  const child = start(commandOf(words), { env, ...options });
  const end = ended(child);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await end;
  });
  child.stdout?.on('data', (chunk: Buffer) => lines.add(chunk.toString('utf8')));
  return Object.assign(await serving(lines, end, () => void child.kill('SIGTERM')), { child });
}

const commandOf = (words: readonly string[]): readonly string[] => [
  'serve',
  '--port',
  '0',
  '--json',
  ...words,
];

interface Lines {
  readonly all: readonly Event[];
  readonly add: (text: string) => void;
  /** Resolves when the next ones have come. */
  readonly more: () => Promise<undefined>;
}

function readLines(): Lines {
  const all: Event[] = [];
  let pending = '';
  let wake = (): void => {};
  return {
    all,
    add(text) {
      pending += text;
      const whole = pending.split('\n');
      pending = whole.pop() ?? '';
      all.push(...whole.map((line) => JSON.parse(line) as Event));
      wake();
    },
    more: () => new Promise((resolve) => (wake = () => resolve(undefined))),
  };
}

async function serving(lines: Lines, end: Promise<Ended>, stop: () => void): Promise<Serving> {
  let taken = 0;
  const lineAt = async (index: number): Promise<Event> => {
    for (;;) {
      const line = lines.all[index];
      if (line !== undefined) return line;
      const closed = await Promise.race([lines.more(), end]);
      if (closed !== undefined && lines.all.length <= index)
        throw new Error(`serve ended with ${closed.code}: ${closed.stderr}`);
    }
  };
  const next = async (): Promise<Event> => {
    const line = await lineAt(taken);
    taken += 1;
    return line;
  };
  const url = String((await next())['url']);
  const { port, pathname } = new URL(url);
  return {
    url,
    target: { port: Number(port), path: pathname, ...account },
    ended: end,
    stop,
    get events() {
      return lines.all.slice(1);
    },
    next,
    async first(count) {
      await lineAt(count);
      return lines.all.slice(1, count + 1);
    },
  };
}

/** The query of a push as WeChat signs it; with a ciphertext also for the encrypted modes. */
export function signedQuery(
  encrypt?: string,
  { callbackToken = account.callbackToken } = {},
): URLSearchParams {
  return new URLSearchParams(signedQueryOf({ callbackToken }, encrypt));
}

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
}

/** Sends a request with a body and reads the whole answer. Without an agent it has a connection of its own. */
export async function post(url: string, body: string, agent: http.Agent | false = false): Promise<Answer> {
  return await answerTo(http.request(url, { method: 'POST', agent }), (request) => request.end(body));
}

/** The answer to a request that `send` sends. */
export function answerTo(
  request: http.ClientRequest,
  send: (request: http.ClientRequest) => void = () => {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      const { statusCode = 0, headers } = response;
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: statusCode, type: headers['content-type'] ?? null, body }));
    });
    send(request);
  });
}

/** Text of one element, inside or outside CDATA. */
export function element(xml: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>(?:<!\\[CDATA\\[([\\s\\S]*?)\\]\\]>|([^<]*))</${name}>`).exec(xml);
  return found?.[1] ?? found?.[2];
}

interface Crypt {
  getSignature(timestamp: string, nonce: string, encrypt: string): string;
  encrypt(text: string): string;
  decrypt(text: string): { readonly message: string; readonly id: string };
}

const WXBizMsgCrypt = createRequire(import.meta.url)('wechat-crypto') as new (
  token: string,
  encodingAESKey: string,
  appId: string,
) => Crypt;

/** Somebody else's implementation of 消息加解密. */
export function othersCrypt(): Crypt {
  return new WXBizMsgCrypt(account.callbackToken, account.aesKey, account.appId);
}
