/** `simulator --intercept`: other people's programs, unchanged, from the platform's real addresses to the simulator. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import {
  builtFile,
  cleanEnvironment,
  ended,
  type Ended,
  firstLine,
  run,
  start,
  temporaryFolder,
} from '../helpers/command.ts';
import { startHere, type RunningHere } from '../helpers/in-process.ts';
import { selfSigned } from '../helpers/self-signed.ts';
import * as programs from './programs.ts';
import { needs, root } from './project.ts';

interface Ready {
  readonly url: string;
  readonly appid: string;
  readonly secret: string;
  readonly intercept: {
    readonly proxy: string;
    readonly authority: string;
    readonly variables: Readonly<Record<string, string>>;
  };
}

let folder: string;
let other: https.Server;
/** The user's own proxy, which alone knows where `wechat.example` is, and what it was asked for. */
let usersProxy: http.Server;
const asked: string[] = [];
let running: RunningHere;
let ready: Ready;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'wechat-mp-test-'));
  writeFileSync(path.join(folder, 'picture.png'), Buffer.from(onePixel, 'base64'));
  writeFileSync(path.join(folder, 'other.pem'), selfSigned.cert);
  other = https.createServer(selfSigned, (_, response) => void response.end('untouched'));
  await listening(other);
  usersProxy = http.createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(`plain ${request.url}`);
  });
  usersProxy.on('connect', (request, socket: Socket, head) => {
    asked.push(request.url ?? '');
    if (request.url !== 'wechat.example:443') return void socket.end('HTTP/1.1 502 No\r\n\r\n');
    const far = connect(portOf(other), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      far.write(head);
      far.pipe(socket).pipe(far);
    });
    for (const each of [far, socket]) each.on('error', () => {});
  });
  await listening(usersProxy);
  // Settings of the user's for PHP, which stay in force.
  const own = path.join(folder, 'own');
  mkdirSync(own);
  writeFileSync(path.join(own, 'own.ini'), `auto_prepend_file="${own}/own.php"\n`);
  writeFileSync(path.join(own, 'own.php'), "<?php $fromOwnPrepend = 'other';\n");
  const address = `http://127.0.0.1:${portOf(usersProxy)}`;
  const env = {
    HOME: folder,
    HTTPS_PROXY: address,
    HTTP_PROXY: address,
    NO_PROXY: '*.qq.com',
    PHP_INI_SCAN_DIR: `:${own}`,
    SSL_CERT_FILE: path.join(folder, 'other.pem'),
    NODE_EXTRA_CA_CERTS: path.join(folder, 'other.pem'),
  };
  const line = await new Promise<string>((resolve) => {
    running = startHere(['simulator', '--port', '0', '--intercept', '--json'], { env }, resolve);
  });
  ready = JSON.parse(line) as Ready;
});

afterAll(async () => {
  running.stop();
  await running.ended;
  for (const server of [other, usersProxy]) server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function listening(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Runs a program as a developer would in a terminal where the variables are set. */
async function execute(
  words: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const [program = '', ...rest] = words;
  const OTHER = 'https://wechat.example/';
  const { variables } = ready.intercept;
  const account = { APPID: ready.appid, SECRET: ready.secret };
  const env = cleanEnvironment({ HOME: folder, OTHER, ROOT: root, ...account, ...variables, ...more });
  return await ended(spawn(program, rest, { cwd: folder, env }));
}

async function requests(): Promise<readonly { readonly host?: string; readonly path: string }[]> {
  const response = await fetch(`${ready.url}/_ctl/requests`);
  return (await response.json()) as Awaited<ReturnType<typeof requests>>;
}

const has = (...words: readonly [string, ...string[]]): boolean =>
  spawnSync(words[0], words.slice(1), { stdio: 'ignore' }).status === 0;

const nodes = [process.execPath, ...(process.env['WECHAT_MP_TEST_NODES'] ?? '').split(':')].filter(
  (node) => node !== '',
);

describe('a token, a menu, a picture and a code from the real addresses, and another host untouched', () => {
  const runsAll = async (
    words: readonly string[],
    more?: Readonly<Record<string, string>>,
  ): Promise<void> => {
    await fetch(`${ready.url}/_ctl/requests`, { method: 'DELETE' });
    asked.length = 0;
    expect(await execute(words, more)).toEqual({
      code: 0,
      signal: null,
      stdout: programs.expectedLines,
      stderr: '',
    });
    expect((await requests()).map(({ host, path: place }) => `${host}${place}`)).toEqual([
      'api.weixin.qq.com/cgi-bin/token',
      'api.weixin.qq.com/cgi-bin/menu/create',
      'api.weixin.qq.com/cgi-bin/media/uploadimg',
      'api.weixin.qq.com/cgi-bin/qrcode/create',
      'mp.weixin.qq.com/cgi-bin/showqrcode',
    ]);
  };

  test('by curl', async (context) => {
    needs(context, has('curl', '--version'), 'curl is not installed');
    await runsAll(['sh', '-c', programs.curl]);
    expect(asked).toEqual(['wechat.example:443']);
  });

  test('by Python, urllib', async (context) => {
    needs(context, has('python3', '--version'), 'python3 is not installed');
    await runsAll(['python3', '-c', programs.python]);
    expect(asked).toEqual(['wechat.example:443']);
  });

  const hasPhp = (extension: string): boolean =>
    has('php', '-r', `exit(extension_loaded('${extension}') ? 0 : 1);`);

  test('by PHP, curl', async (context) => {
    needs(context, hasPhp('curl'), 'php with curl is not installed');
    writeFileSync(path.join(folder, 'calls.php'), programs.php);
    await runsAll(['php', 'calls.php', 'byCurl']);
    expect(asked).toEqual(['wechat.example:443']);
  });

  test('by PHP, streams: other hosts in a script of their own', async (context) => {
    needs(context, hasPhp('openssl'), 'php is not installed');
    writeFileSync(path.join(folder, 'calls.php'), programs.php);
    writeFileSync(path.join(folder, 'other.php'), programs.phpOther);
    await runsAll(['sh', '-c', 'php calls.php byStream && php other.php']);
    expect(asked).toEqual(['wechat.example:443']);
  });

  test.each(nodes)('by %s, fetch', async (node) => {
    writeFileSync(path.join(folder, 'calls.cjs'), programs.nodeFetch);
    await runsAll([node, 'calls.cjs'], { OTHER: `https://localhost:${portOf(other)}/` });
    // Node asks other hosts as it does without us.
    expect(asked).toEqual([]);
  });
});

test.each(nodes)('libraries for Node come here unchanged, on %s', async (node) => {
  writeFileSync(path.join(folder, 'libraries.cjs'), programs.nodeLibraries);
  const names = [
    'https',
    'https, own agent, IPv6',
    'undici',
    'axios',
    'co-wechat-api',
    'wechat-api',
    'node-easywechat',
    'worker',
  ];
  expect(await execute([node, 'libraries.cjs'], { NODE_NO_WARNINGS: '1' })).toEqual({
    code: 0,
    signal: null,
    stdout: names.map((name) => `${name} SIM\n`).join(''),
    stderr: '',
  });
});

describe('the files of a run', () => {
  /** Temporary files of this test alone: other tests sweep as well. */
  const apart = (): { readonly place: string; readonly env: Readonly<Record<string, string>> } => {
    const place = temporaryFolder();
    return { place, env: { TMPDIR: place, HOME: place } };
  };

  test('are gone with the command, whose exit code counts; a command that asked nothing is told of', async () => {
    const { place, env } = apart();
    const words = ['sh', '-c', 'dirname "$CURL_CA_BUNDLE"; ls "$NODE_EXTRA_CA_CERTS" >&2; exit 7'];
    const { code, stdout, stderr } = await run(['simulator', '--intercept', '--', ...words], { env });
    expect([code, stdout]).toEqual([7, expect.stringMatching(`^${place}/wechat-mp-intercept-.{6}\n$`)]);
    expect(stderr).toMatch(
      /node-authorities\.pem\n! No call of the command came to the simulator: .*WECHAT_MP_API_BASE\n$/,
    );
    expect(readdirSync(place)).not.toContain(path.basename(stdout.trim()));
  });

  test('need a place, which is named where it is missing', async () => {
    const env = { TMPDIR: path.join(temporaryFolder(), 'missing') };
    const { code, stdout, stderr } = await run(['simulator', '--intercept', '--', 'echo', 'ran'], { env });
    expect([code, stdout]).toEqual([7, '']);
    expect(stderr).toContain(`there is no folder "${env.TMPDIR}"`);
  });

  test('are named and removed by the next start where SIGKILL has left them', async () => {
    const { place, env } = apart();
    const words = ['simulator', '--port', '0', '--intercept', '--json'];
    const [killed, alive] = [start(words, { env }), start(words, { env })];
    const [left, kept] = (await Promise.all([firstLine(killed), firstLine(alive)])).map((line) =>
      path.dirname((JSON.parse(line) as Ready).intercept.authority),
    );
    killed.kill('SIGKILL');
    await ended(killed);
    expect(existsSync(left ?? '')).toBe(true);
    const { stderr } = await run(['simulator', '--intercept', '--', 'true'], { env });
    expect(stderr).toMatch(new RegExp(`^Removed ${left}, which a killed simulator had left\n! No call`));
    expect([existsSync(left ?? ''), existsSync(kept ?? '')]).toEqual([false, true]);
    alive.kill('SIGTERM');
    expect(await ended(alive)).toMatchObject({ code: 143 });
    expect(readdirSync(place).filter((name) => name.startsWith('wechat-mp-intercept'))).toEqual([]);
  });
});

describe('in a network where a resolver and the platform count', () => {
  /** Runs a script there; the last line has the counts. */
  const inNetwork = async (context: TestContext, script: string): Promise<readonly string[]> => {
    const place = temporaryFolder();
    writeFileSync(path.join(place, 'resolv.conf'), 'nameserver 127.0.0.1\n');
    writeFileSync(path.join(place, 'network.cjs'), programs.countingNetwork);
    writeFileSync(path.join(place, 'ask.sh'), programs.askAll);
    const enter = `ip link set lo up && mount --bind ${place}/resolv.conf /etc/resolv.conf`;
    const alone = ['unshare', '-rnm', 'sh', '-c'] as const;
    const able = has(...alone, enter) && ['curl', 'python3', 'php'].every((name) => has(name, '--version'));
    if (!able) context.skip('needs a network of its own, curl, python3 and php');
    const tool = `'${process.execPath}' '${builtFile()}'`;
    const env = cleanEnvironment({ HOME: place, TMPDIR: place, PROGRAM: script.replace('wechat-mp', tool) });
    const [program, ...words] = [...alone, `${enter} && exec node network.cjs`];
    const { stdout } = await ended(spawn(program ?? '', words, { cwd: place, env }));
    return stdout.trim().split('\n');
  };

  test('nobody hears of it when the simulator is killed in the middle', async (context) => {
    // Another process group waits for the end: the command outlives the simulator. Its last call is one past the proxy.
    const script = `curl -sS ${tokenUrl} >&2 && echo answered; kill -9 $PPID; sh ask.sh; cat counts; curl -s --noproxy "*" ${tokenUrl}; echo end`;
    const lines = await inNetwork(
      context,
      `wechat-mp simulator --intercept -- sh -c '${script}' > said & wait; until grep -q end said; do sleep 0.1; done; cat said`,
    );
    expect(lines).toEqual([
      'answered',
      'curl failed',
      'python failed',
      'php failed',
      'node failed',
      '{"resolver":0,"platform":0}',
      'end',
      // IPv4 and IPv6.
      '{"resolver":2,"platform":1}',
    ]);
  });
});

const tokenUrl = 'https://api.weixin.qq.com/cgi-bin/token';
const onePixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
