/**
 * Every writing command against a real HTTP server that has the simulator behind it and answers writes at random: well,
 * with something that proves nothing, or not at all, whether it has done them or not.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { main } from '../../src/cli/main.ts';
import { createFetch } from '../../src/io/net/fetch.ts';
import type { Clock } from '../../src/io/ports.ts';
import { sleep } from '../../src/io/sleep.ts';
import { createSeededRandom } from '../../src/simulator/random/seeded.ts';
import { fakeWorld, type FakeWorld } from './fake-io.ts';
import { forPlatform, forTag, menuText } from './menu-world.ts';
import { simulatorBase } from './through-simulator.ts';

const forms = [
  'good',
  'text',
  'empty',
  'null',
  'other',
  'words',
  '502',
  '404',
  '201',
  'cut',
  'silent',
  'reset',
] as const;
type Form = (typeof forms)[number];
/** Forms of an answer that the platform gives only for what it has done. */
const proofs: readonly Form[] = ['good', 'text'];

interface Command {
  readonly words: (appId: string, menuId: string) => readonly string[];
  /** Whether what the command promises is so; it looks at the server itself. */
  readonly isDone: (state: State) => boolean;
  /** The exit code where the answers do not tell: 5 of a single change, 4 of a batch with such rows. */
  readonly unclear?: 4;
  /** Writes at most: one whose outcome is unknown is not sent again. */
  readonly mostWrites?: number;
}

interface State {
  readonly default: readonly { readonly key?: string }[] | null;
  readonly conditional: readonly { readonly menuid: number; readonly matchrule: unknown }[];
  readonly codes: { readonly temporary: number; readonly permanent: number };
}

const keyOf = (state: State): string | undefined => state.default?.[0]?.key;
const rulesOf = ({ conditional }: State): string =>
  conditional
    .map(({ matchrule }) => JSON.stringify(matchrule))
    .toSorted()
    .join(' ');
const before = menuText('old', forTag(1, 'x'));
const files = {
  'plain.json': menuText('new', forTag(1, 'x')),
  'codes.csv': 'scene,permanent\n1,yes\n2,yes\n3,no\n',
  'more.json': menuText('new', forTag(2, 'x'), forPlatform(1, 'y')),
};
const isPlain = (state: State): boolean => keyOf(state) === 'new' && rulesOf(state) === '{"group_id":1}';
const isMore = (state: State): boolean =>
  keyOf(state) === 'new' && rulesOf(state) === '{"client_platform_type":1} {"group_id":2}';
const push = ['menu', 'push', '--yes'];

export const commands: Readonly<Record<string, Command>> = {
  'menu push': { words: () => [...push, 'plain.json'], isDone: isPlain },
  'menu push --no-verify': { words: () => [...push, 'plain.json', '--no-verify'], isDone: isPlain },
  'menu push --prune': { words: () => [...push, 'more.json', '--prune'], isDone: isMore },
  'menu push --prune --no-verify': {
    words: () => [...push, 'more.json', '--prune', '--no-verify'],
    isDone: isMore,
  },
  'menu delete': {
    words: (appId) => ['menu', 'delete', '--confirm', appId],
    isDone: (state) => state.default === null && state.conditional.length === 0,
  },
  'menu delete --conditional': {
    words: (appId, menuId) => ['menu', 'delete', '--conditional', menuId, '--confirm', appId],
    isDone: (state) => keyOf(state) === 'old' && state.conditional.length === 0,
  },
  'qr create': {
    words: () => ['qr', 'create', '--scene', '7'],
    isDone: ({ codes }) => codes.temporary === 1,
  },
  'qr create --permanent': {
    words: () => ['qr', 'create', '--scene', '7', '--permanent', '--yes'],
    isDone: ({ codes }) => codes.permanent === 1,
  },
  'qr batch': {
    words: () => ['qr', 'batch', 'codes.csv', '--out-dir', 'codes', '--yes'],
    isDone: ({ codes }) => codes.permanent === 2 && codes.temporary === 1,
    unclear: 4,
    mostWrites: 3,
  },
};

const writePaths = /\/cgi-bin\/(?:menu\/(?:create|addconditional|delconditional|delete)|qrcode\/create)$/;
/** What a server that has done nothing may say all the same. */
const forged: Readonly<Record<string, string>> = {
  addconditional: '{"menuid":"208379533"}',
  'qrcode/create': '{"ticket":"gQH47joAAAAA","url":"http://weixin.qq.com/q/02abc"}',
};

export interface Tally {
  readonly runs: number;
  /** Exit 0, and the server has done it. */
  done: number;
  /** Exit 5, or 4 of a batch. */
  unclear: number;
  /** The same although the server has done it. */
  undecided: number;
  /** Any other end: `menu push: exit 0, not done (empty, cut)`. */
  readonly wrong: string[];
}

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep,
};

/** Plays so many runs, each of one command against a fresh account, the same for the same seed. */
export async function playRandomWrites(runs: number, seed: number): Promise<Tally> {
  const random = createSeededRandom(seed, 'writes');
  const draw = <T>(list: readonly T[]): T => list[(random.bytes(1)[0] ?? 0) % list.length] as T;
  const tally: Tally = { runs, done: 0, unclear: 0, undecided: 0, wrong: [] };
  let world: FakeWorld = fakeWorld();
  let drawn: Form[] = [];
  const server = createServer((request, response) => {
    void meet(world, request, response, () => {
      // Half of them well, or a push of many steps would never come to its end.
      const form = (random.bytes(1)[0] ?? 0) < 128 ? 'good' : draw(forms);
      const arrives = proofs.includes(form) || (random.bytes(1)[0] ?? 0) < 128;
      drawn.push(form);
      return { form, arrives };
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const fetch = createFetch({ environment: {}, platform: 'linux' });
  try {
    for (let run = 0; run < runs; run += 1) {
      const [name, command] = draw(Object.entries(commands));
      world = fakeWorld({ files: { ...files, 'menu.json': before } });
      if ((await world.run(...push)).code !== 0) throw new Error('the first menu was not pushed');
      const token = (await world.run('token')).stdout.trim();
      const { appId } = world.simulator.account;
      const menuId = String((await stateOf(world)).conditional[0]?.menuid);
      drawn = [];
      const written: string[] = [];
      const io = {
        ...world.io,
        clock,
        fetch: async () => fetch,
        environment: {
          HOME: '/home/me',
          WECHAT_MP_API_BASE: `http://127.0.0.1:${port}`,
          WECHAT_MP_APPID: appId,
          WECHAT_MP_ACCESS_TOKEN: token,
        },
        terminal: {
          ...world.io.terminal,
          writeStdout: (data: string | Uint8Array) => void written.push(String(data)),
        },
      };
      const code = await main([...command.words(appId, menuId), '--json', '--timeout', '400ms'], io);
      const isDone = command.isDone(await stateOf(world));
      const isOften = drawn.length > (command.mostWrites ?? Infinity);
      if (code === 0 && isDone && !isOften) tally.done += 1;
      else if (
        code === (command.unclear ?? 5) &&
        !isOften &&
        (command.unclear === 4 || written.length === 0)
      ) {
        tally.unclear += 1;
        if (isDone) tally.undecided += 1;
      } else tally.wrong.push(`${name}: exit ${code}, ${isDone ? 'done' : 'not done'} (${drawn.join(', ')})`);
    }
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  return tally;
}

async function stateOf({ simulator }: FakeWorld): Promise<State> {
  const ask = async (path: string): Promise<Record<string, unknown>> =>
    (await (await simulator.fetch(new Request(`${simulatorBase}/_ctl/${path}`))).json()) as Record<
      string,
      unknown
    >;
  const { qrcodes } = await ask('state');
  return { ...(await ask('menu')), codes: qrcodes } as unknown as State;
}

/** Answers one request; the forms are drawn for writes only. */
async function meet(
  { simulator }: FakeWorld,
  request: IncomingMessage,
  response: ServerResponse,
  drawForm: () => { readonly form: Form; readonly arrives: boolean },
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', simulatorBase);
  const isWrite = writePaths.test(url.pathname);
  const { form, arrives } = isWrite ? drawForm() : { form: 'good' as const, arrives: true };
  const pass = async (): Promise<Response> =>
    await simulator.fetch(
      new Request(url, {
        method: request.method ?? 'GET',
        ...(request.method === 'POST' ? { body: Buffer.concat(chunks), duplex: 'half' } : {}),
      } as RequestInit),
    );
  if (url.pathname.endsWith('/showqrcode')) {
    const picture = await pass();
    response.writeHead(picture.status, Object.fromEntries(picture.headers));
    response.end(Buffer.from(await picture.arrayBuffer()));
    return;
  }
  const answer = arrives
    ? await (await pass()).text()
    : (Object.entries(forged).find(([path]) => url.pathname.endsWith(path))?.[1] ??
      '{"errcode":0,"errmsg":"ok"}');
  const send = (status: number, body: string): void => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  };
  const bodies: Partial<Record<Form, string>> = {
    good: answer,
    text: answer.replace('"errcode":0', '"errcode":"0"'),
    empty: '{}',
    null: '{"errcode":null}',
    other: '{"a":1}',
    words: '{"errcode":"ok","errmsg":"ok"}',
  };
  const body = bodies[form];
  if (body !== undefined) send(200, body);
  else if (/^\d/.test(form)) send(Number(form), answer);
  else if (form === 'reset') request.socket.resetAndDestroy();
  else if (form === 'cut') {
    response.writeHead(200, { 'content-length': Buffer.byteLength(answer) });
    response.write(answer.slice(0, -3), () => request.socket.destroySoon());
  }
}
