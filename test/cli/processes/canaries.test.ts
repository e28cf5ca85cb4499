/** S1, S2: secrets come out nowhere but where a command is there to print them. */
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { run, startSimulator, temporaryFolder, type RunningSimulator } from '../../helpers/command.ts';
import { runHere, startHere, type RunningHere } from '../../helpers/in-process.ts';
import { listening } from '../../helpers/listening.ts';

/** Every spelling in which a secret could leave, and its beginning, as a cut message would have it. */
function spellings(secret: string): string[] {
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
      .toString('base64')
      .slice(4, 16),
  );
  return [
    secret.slice(0, 8),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('hex').slice(0, 24),
    ...base64,
  ];
}

interface Canary {
  readonly name: string;
  readonly spellings: readonly string[];
}

const canaryOf = (name: string, secret: string, from = 0): Canary => ({
  name,
  spellings: spellings(secret.slice(from)),
});

const leaks = (text: string, canaries: readonly Canary[]): string[] =>
  canaries
    .filter((canary) => canary.spellings.some((spelling) => text.includes(spelling)))
    .map(({ name }) => name);

/** Command lines of every process of this machine, as `ps` shows them, sampled until the work ends. */
async function watchingProcesses<T>(work: Promise<T>, seen: Set<string>): Promise<T> {
  let running = true;
  const finished = work.finally(() => (running = false));
  while (running) {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      } catch {
        // Gone between the two calls.
      }
    }
    // A process lives for fifty milliseconds and more.
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return await finished;
}

interface World {
  readonly simulator: RunningSimulator;
  readonly canaries: readonly Canary[];
  readonly token: string;
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
}

async function canaryWorld(): Promise<World> {
  const simulator = await startSimulator();
  const folder = temporaryFolder();
  const env: Readonly<Record<string, string>> = { ...simulator.env, HOME: folder };
  const token = (await runHere(['token'], { env })).stdout.trim();
  const canaries = [
    canaryOf('AppSecret', simulator.secret),
    canaryOf('callback Token', env['WECHAT_MP_CALLBACK_TOKEN'] ?? ''),
    canaryOf('EncodingAESKey', env['WECHAT_MP_AES_KEY'] ?? ''),
    // Its first four characters are the same for all, and the history tells four more at its end.
    canaryOf('access_token', token, 4),
  ];
  return { simulator, canaries, token, env, folder };
}

const menu = JSON.stringify({ button: [{ type: 'click', name: 'a', key: 'k' }] });
const loud = ['--debug', '--verbose'];

const commands: readonly { readonly words: readonly string[]; readonly input?: string }[] = [
  { words: ['token', '--status'] },
  { words: ['token', '--force', '--dry-run'] },
  { words: ['doctor'] },
  { words: ['quota'] },
  { words: ['quota', '--reset', '--yes'] },
  { words: ['ip'] },
  { words: ['menu', 'push', '-', '--yes'], input: menu },
  { words: ['menu', 'push', '-', '--dry-run'], input: menu },
  { words: ['menu', 'pull'] },
  { words: ['menu', 'delete', '--dry-run'] },
  { words: ['qr', 'create', '--scene', '1', '--out', 'qr.jpg', '--force'] },
  { words: ['sign-url', 'https://example.com/'] },
  { words: ['handshake', 'sign', '--url', 'http://h/'] },
  { words: ['handshake', 'check', '/?signature=0&timestamp=1&nonce=1'] },
  { words: ['crypto', 'encrypt'], input: '<xml><MsgType>text</MsgType></xml>' },
  { words: ['crypto', 'decrypt'], input: '<xml><Encrypt>AAAA</Encrypt></xml>' },
  { words: ['crypto', 'decrypt', '--explain'], input: '<xml><Encrypt>AAAA</Encrypt></xml>' },
  { words: ['trigger', 'text', '--dry-run', '--to', 'http://127.0.0.1:1/'] },
  { words: ['profile', 'add', 'shop', '--force'] },
  { words: ['profile', 'list'] },
  { words: ['profile', 'show'] },
  { words: ['profile', 'show', 'shop'] },
  { words: ['profile', 'use', 'shop'] },
  { words: ['help', 'environment'] },
  { words: ['menu', 'push', 'nowhere.json'] },
  { words: ['token', '--clear', '--dry-run'] },
  { words: ['profile', 'remove', 'shop', '--yes'] },
];

describe('no secret', () => {
  test('comes out of a command, into a file, or into ps', { timeout: 120_000 }, async () => {
    const { canaries, env, folder, simulator, token } = await canaryWorld();
    for (const { words, input = '' } of commands) {
      for (const more of [
        ['--lang', 'zh', ...loud],
        ['--json', ...loud],
      ]) {
        const { stdout, stderr } = await runHere([...words, ...more], { env, cwd: folder, input });
        expect({ words, more, leaks: leaks(stdout + stderr, canaries) }).toEqual({
          words,
          more,
          leaks: [],
        });
      }
    }
    const seen = new Set<string>();
    const printed = await watchingProcesses(run(['token', ...loud], { env }), seen);
    expect([printed.stdout.trim(), leaks(printed.stderr, canaries)]).toEqual([token, []]);
    for (const words of [
      ['menu', 'pull', '--out', 'pulled.json'],
      ['sign-url', 'https://example.com/'],
      ['profile', 'add', 'shop', '--force'],
      ['profile', 'remove', 'shop', '--yes'],
    ]) {
      const { code, stderr } = await watchingProcesses(run(words, { env, cwd: folder }), seen);
      expect({ words, code, stderr: code === 0 ? '' : stderr }).toEqual({ words, code: 0, stderr: '' });
    }
    expect(seen.size).toBeGreaterThan(10);
    expect([...seen].filter((line) => leaks(line, canaries).length > 0)).toEqual([]);
    // secrets.json went with its profile.
    expect(filesThatTell(folder, canaries)).toEqual([]);
    expect(leaks(JSON.stringify(await simulator.control('requests')), canaries)).toEqual([]);
  });

  test('comes back out of what the platform answers', { timeout: 120_000 }, async () => {
    const { canaries, env, simulator, token } = await canaryWorld();
    /** What a platform could repeat: what it was sent. */
    const bodiesWith = (echo: string): readonly Readonly<Record<string, unknown>>[] => [
      { errcode: 40125, errmsg: `invalid appsecret ${echo}` },
      { errcode: 45009, errmsg: echo },
      { body: `<html>${echo}</html>` },
      { body: `not JSON: ${echo}` },
      { body: `{"errmsg":"${echo}` },
      { body: JSON.stringify({ errcode: 0, errmsg: echo, access_token: 5 }) },
      { status: 502, body: echo },
      { status: 302, headers: { location: `https://evil.example/?${encodeURI(echo)}` } },
      { drop: true },
    ];
    for (const [path_, words] of [
      ['/cgi-bin/stable_token', ['token']],
      ['/cgi-bin/token', ['token', '--classic']],
      ['/cgi-bin/menu/get', ['menu', 'pull']],
      ['/cgi-bin/menu/create', ['menu', 'push', '-', '--yes']],
      ['/cgi-bin/qrcode/create', ['qr', 'create', '--scene', '1']],
      ['/cgi-bin/ticket/getticket', ['sign-url', 'https://example.com/']],
    ] as const) {
      const isToken = path_.endsWith('token');
      const known = isToken ? canaries.slice(0, 1) : canaries;
      const bodies = bodiesWith(
        isToken ? `${simulator.secret} secret=${simulator.secret}` : `${token} access_token=${token}`,
      );
      // All of them where secrets are sent, and each of them to some other call.
      for (const body of bodies) {
        if (path_ !== '/cgi-bin/stable_token' && bodies.indexOf(body) % 3 !== path_.length % 3) continue;
        await simulator.control('faults', { path: path_, times: 3, ...body });
        // A cache of its own where the token itself is asked for; else the warm one.
        const cold = isToken ? { WECHAT_MP_CACHE_DIR: temporaryFolder() } : {};
        const json = bodies.indexOf(body) % 2 === 0 ? ['--json'] : [];
        const found = await runHere([...words, ...loud, ...json, '--timeout', '400ms'], {
          env: { ...env, ...cold },
          input: menu,
        });
        const what = { words, body: Object.keys(body), leaks: leaks(found.stdout + found.stderr, known) };
        expect(what).toEqual({ ...what, leaks: [] });
        expect([found.code, found.stdout], JSON.stringify([words, Object.keys(body)])).not.toEqual([0, '']);
        await useUp(simulator, path_);
      }
    }
    expect(filesThatTell(env['HOME'] ?? '', canaries)).toEqual([]);
  });

  test("comes back out of what a developer's own server answers", { timeout: 60_000 }, async () => {
    const { canaries, env, folder } = await canaryWorld();
    const config = JSON.stringify({
      token: env['WECHAT_MP_CALLBACK_TOKEN'],
      key: env['WECHAT_MP_AES_KEY'],
      secret: env['WECHAT_MP_APPSECRET'],
    });
    const reply = `<xml><MsgType>text</MsgType><Content>${config}</Content></xml>`;
    for (const [status, body] of [
      [200, config],
      [200, `<html>${config}</html>`],
      [200, reply],
      [500, config],
      [302, ''],
    ] as const) {
      const server = http.createServer((_request, response) => {
        response.writeHead(status, status === 302 ? { location: `/login?debug=${encodeURI(config)}` } : {});
        response.end(body);
      });
      const to = `http://127.0.0.1:${await listening(server)}/wechat`;
      for (const words of [
        ['handshake', 'probe', to, '--post'],
        ['trigger', 'text', '--to', to],
        ['trigger', 'text', '--to', to, '--mode', 'plain'],
        ['trigger', 'text', '--to', to, '--tamper', 'signature'],
      ]) {
        {
          const more = words.length % 2 === (status === 200 ? 0 : 1) ? loud : ['--json', ...loud];
          const { stdout, stderr } = await runHere([...words, ...more], { env, cwd: folder });
          expect(stdout).not.toBe('');
          expect({ words, status, body: body.slice(0, 5), leaks: leaks(stdout + stderr, canaries) }).toEqual({
            words,
            status,
            body: body.slice(0, 5),
            leaks: [],
          });
        }
      }
    }
  });

  test('comes out of broken files of the tool', async () => {
    const { canaries, env, folder, simulator, token } = await canaryWorld();
    const { mkdirSync, writeFileSync } = await import('node:fs');
    const config = path.join(folder, '.config/wechat-mp');
    mkdirSync(config, { recursive: true });
    const plain = { HOME: folder, WECHAT_MP_API_BASE: simulator.url };
    const tokens = path.join(folder, '.cache/wechat-mp/tokens');
    const [entry = ''] = readdirSync(tokens).filter((name) => name.endsWith('.json'));
    for (const [file, content] of [
      [path.join(config, 'secrets.json'), `{"x":{"secret":"${simulator.secret}"`],
      [path.join(config, 'config.json'), `${simulator.secret} ${token}`],
      [path.join(tokens, entry), `{"value":"${token}`],
      [path.join(folder, 'wechat-mp.json'), `{"secret":"${simulator.secret}"}`],
      [path.join(folder, 'wechat-mp.json'), `${simulator.secret}`],
      [path.join(folder, '.env'), `WECHAT_MP_APPID=${simulator.secret}`],
    ] as const) {
      writeFileSync(file, content);
      for (const words of [
        ['profile', 'list'],
        ['menu', 'pull'],
        ['profile', 'add', 'x'],
        ['token', '--status'],
        ['menu', 'pull', '--dotenv', '.env'],
      ]) {
        // The account comes from the environment, or from the broken files.
        for (const environment of words[0] === 'menu' ? [env, plain] : [plain]) {
          const found = await runHere([...words, ...loud], { env: environment, cwd: folder });
          expect({ file, words, leaks: leaks(found.stdout + found.stderr, canaries) }).toEqual({
            file,
            words,
            leaks: [],
          });
        }
      }
      if (!file.startsWith(tokens)) writeFileSync(file, file.endsWith('.env') ? '' : '{}');
    }
  });

  test('comes out of a server: serve and simulator after its ready line', async () => {
    const { canaries, env } = await canaryWorld();
    const serving = startListening(['serve', '--port', '0', '--json', ...loud], { ...env });
    const { url } = JSON.parse(await serving.ready) as { url: string };
    const signed = (await runHere(['handshake', 'sign', '--url', url], { env })).stdout.trim();
    for (const target of [signed, url, `${url}?signature=0&timestamp=1&nonce=2&echostr=x`]) {
      await fetch(target);
      await fetch(target, { method: 'POST', body: '<xml><ToUserName>a</ToUserName></xml>' });
    }
    serving.stop();
    const { stdout, stderr } = await serving.ended;
    expect(stdout.trim().split('\n').length).toBeGreaterThan(6);
    expect(leaks(stdout + stderr, canaries)).toEqual([]);

    for (const words of [[], ['--json'], loud]) {
      const simulator = startListening(['simulator', '--port', '0', ...words], { HOME: '/dev/null' });
      const ready = await simulator.ready;
      const secret = account(ready);
      const base = /http:\/\/127\.0\.0\.1:\d+/.exec(ready)?.[0] ?? '';
      const inner = { ...secret, WECHAT_MP_API_BASE: base, HOME: temporaryFolder() };
      const token = (await runHere(['token'], { env: inner })).stdout.trim();
      await runHere(['menu', 'pull'], { env: inner });
      await runHere(['token', '--classic'], { env: inner });
      simulator.stop();
      const after = (await simulator.ended).stdout.slice(ready.length);
      expect(after).toContain('/cgi-bin/menu/get');
      const own = [
        canaryOf('AppSecret', secret['WECHAT_MP_APPSECRET'] ?? ''),
        canaryOf('access_token', token, 4),
      ];
      expect({ words, leaks: leaks(after, own) }).toEqual({ words, leaks: [] });
    }
  });
});

/** Files that hold a secret although they are not the token store, which is there for that. */
function filesThatTell(folder: string, canaries: readonly Canary[]): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(1);
  return files
    .filter((file) => !/\/\.cache\/wechat-mp\/tokens\/[^/]+\.json$/.test(file))
    .filter((file) => leaks(file + readFileSync(file, 'latin1'), canaries).length > 0);
}

/** Calls a path until none of its faults is left; one that is repeated takes three, another one. */
async function useUp(simulator: RunningSimulator, path_: string): Promise<void> {
  while (((await simulator.control('faults')) as readonly unknown[]).length > 0) {
    await fetch(simulator.url + path_, { redirect: 'manual' }).catch(() => undefined);
  }
}

/** AppID and AppSecret from the ready lines, JSON or words. */
function account(text: string): Readonly<Record<string, string>> {
  if (text.startsWith('{')) {
    const ready = JSON.parse(text.split('\n', 1)[0] ?? '') as Record<string, string>;
    return { WECHAT_MP_APPID: ready['appid'] ?? '', WECHAT_MP_APPSECRET: ready['secret'] ?? '' };
  }
  return Object.fromEntries(
    Array.from(text.matchAll(/export (\w+)=(\S+)/g), ([, name, value]) => [name, value]),
  );
}

/** A server in this process; `ready` is what it says until it has said everything that it says when it is ready. */
function startListening(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): RunningHere & { readonly ready: Promise<string> } {
  let text = '';
  let tell = (): void => {};
  const told = new Promise<void>((resolve) => (tell = resolve));
  const running = startHere(words, { env }, (piece) => {
    text += piece;
    if (/^\{.*\n|AES_KEY=\S+\n/.test(text)) tell();
  });
  return { ...running, ready: told.then(() => text) };
}
