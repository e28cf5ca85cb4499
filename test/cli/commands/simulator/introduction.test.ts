import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../docs/reader.ts';
import {
  ended,
  firstLine,
  run,
  start,
  startSimulator,
  temporaryFolder,
  type Ended,
} from '../../../helpers/command.ts';
import { runHere, startHere } from '../../../helpers/in-process.ts';

const echo = expect.objectContaining({ from: 'account', content: { type: 'text', text: 'hello' } });

interface Introduced {
  readonly home: string;
  readonly url: string;
  /** The first line of stdout. */
  readonly line: string;
  readonly folder: string;
  stdout(): string;
  stop(): Promise<Ended>;
}

/** A simulator for people: what it says until it is ready, and how it ends. */
async function introduced(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Introduced> {
  const home = env['HOME'] ?? temporaryFolder();
  let stdout = '';
  const running = startHere(
    ['simulator', '--port', '0', ...words],
    { env: { HOME: home, ...env }, cwd: home },
    (text) => (stdout += text),
  );
  onTestFinished(running.stop);
  await expect.poll(() => stdout).toContain('\n');
  const [line = ''] = stdout.split('\n');
  return {
    home,
    url: /http:\S+/.exec(line)?.[0] ?? '',
    line,
    folder: path.join(home, '.local/state/wechat-mp/simulators'),
    stdout: () => stdout,
    async stop() {
      running.stop();
      return await running.ended;
    },
  };
}

describe('simulator', () => {
  test.each([
    [{ LANG: 'C' }, 'listening on', (url: string) => `Open ${url} – a phone, every request, any API call`],
    [
      { LANG: 'zh_CN.UTF-8' },
      '正在监听',
      (url: string) => `请打开 ${url} – 模拟手机、全部请求记录、任意接口调试`,
    ],
  ])('names its page first on stderr, and its address first on stdout, with %j', async (env, says, words) => {
    const simulator = await introduced([], env);
    expect(simulator.line).toBe(`${says} ${simulator.url}`);
    expect((await simulator.stop()).stderr.split('\n')[0]).toBe(words(simulator.url));
  });

  test.each([
    [{ SHELL: '/bin/bash' }, /^ {2}export WECHAT_MP_API_BASE='http:\S+'$/m],
    [{ SHELL: '/usr/bin/fish' }, /^ {2}set -gx WECHAT_MP_API_BASE 'http:\S+'$/m],
  ])('prints what to set for the shell of %j', async (env, line) => {
    const simulator = await introduced([], env);
    await expect.poll(() => simulator.stdout()).toMatch(line);
  });

  test('writes it to a private file instead, which stays and can be read again', async () => {
    const simulator = await introduced(['--write-env', 'sim.env']);
    const file = path.join(simulator.home, 'sim.env');
    const token = await runHere(['token', '--dotenv', file], { env: { HOME: temporaryFolder() } });
    expect([token.code, token.stdout]).toEqual([0, expect.stringMatching(/^SIM_/)]);
    const { stdout, stderr } = await simulator.stop();
    expect(stdout).not.toContain('WECHAT_MP_');
    expect(stderr).toContain('Wrote the variables to sim.env');
    expect([statSync(file).mode & 0o777, readFileSync(file, 'utf8')]).toEqual([
      0o600,
      expect.stringMatching(/^WECHAT_MP_API_BASE=http:\S+\n(?:WECHAT_MP_\w+=\S+\n){4}$/),
    ]);
    const second = await introduced(['--write-env', 'sim.env'], { HOME: simulator.home });
    expect(readFileSync(file, 'utf8')).toContain(second.url);
  });

  test('leaves the .env of somebody else, and opens no port', async () => {
    const home = temporaryFolder();
    writeFileSync(path.join(home, '.env'), 'MINE=1\n');
    const refused = await runHere(['simulator', '--port', '0', '--write-env', '.env'], {
      env: { HOME: home },
      cwd: home,
    });
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('Choose another name for --write-env');
    expect(readFileSync(path.join(home, '.env'), 'utf8')).toBe('MINE=1\n');
  });

  test.each([['simulator'], ['serve']])('%s --ready-file replaces nothing but a ready file', async (name) => {
    const home = temporaryFolder();
    const env = { HOME: home, WECHAT_MP_CALLBACK_TOKEN: 'abcdef' };
    const file = path.join(home, 'ready.json');
    const words = [name, '--port', '0', '--ready-file', 'ready.json'];
    writeFileSync(file, '{"name":"mine"}');
    const refused = await runHere(words, { env, cwd: home });
    expect([refused.code, refused.stdout, readFileSync(file, 'utf8')]).toEqual([2, '', '{"name":"mine"}']);
    expect(refused.stderr).toContain('Choose another name for --ready-file');
    // What a killed one has left.
    writeFileSync(file, '{"type":"ready","url":"http://127.0.0.1:1"}');
    const child = start(words, { env, cwd: home });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [url] = /http:\S+/.exec(await firstLine(child)) ?? [];
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ type: 'ready', url });
  });

  test.each([[[]], [['--mode', 'compat']], [['--mode', 'safe']]])(
    'meets a server and a trigger that have its profile: %j',
    async (mode) => {
      const port = await freePort();
      const callback = `http://127.0.0.1:${port}/wechat`;
      const { url, home } = await introduced(['--to', callback, ...mode]);
      const env = { HOME: home, WECHAT_MP_PROFILE: 'simulator' };
      const control = async (call: string, body: unknown): Promise<unknown> => {
        const response = await fetch(`${url}/_ctl/${call}`, { method: 'POST', body: JSON.stringify(body) });
        return await response.json();
      };
      /** A server that starts now hears the phone, and a trigger that starts now is heard by the server. */
      const meet = async (): Promise<void> => {
        let said = '';
        const server = startHere(['serve', '--port', String(port)], { env }, (text) => (said += text));
        await expect.poll(() => said).toContain('listening on');
        const chat = await control('phone/oAlice/send', { type: 'text', text: 'hello' });
        expect(chat).toMatchObject({ messages: expect.arrayContaining([echo]) as unknown });
        const trigger = ['trigger', 'text', '--to', callback, '--expect', 'text'];
        expect(await runHere(trigger, { env })).toMatchObject({ code: 0 });
        server.stop();
        await server.ended;
      };
      await control('followers', { openid: 'oAlice' });
      await meet();
      await control('callback', {
        mode: mode.length === 0 ? 'safe' : 'plain',
        token: 'Changed1',
        check: false,
      });
      await meet();
    },
  );

  test('is found by other terminals while it runs, and leaves nothing behind', async () => {
    const simulator = await introduced([]);
    const [name = ''] = readdirSync(simulator.folder);
    const file = path.join(simulator.folder, name);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object)).toEqual([
      'url',
      'appid',
      'host',
      'started_ms',
    ]);
    const token = ['token', '--profile', 'simulator'];
    expect((await runHere(token, { env: { HOME: simulator.home } })).stdout).toMatch(/^SIM_/);
    expect((await simulator.stop()).code).toBe(143);
    expect(readdirSync(simulator.folder)).toEqual([]);
    expect((await runHere(token, { env: { HOME: simulator.home } })).code).toBe(3);
  });

  test('round a command is not found by others', async () => {
    const home = temporaryFolder();
    expect((await run(['simulator', '--', 'true'], { env: { HOME: home } })).code).toBe(0);
    expect(existsSync(path.join(home, '.local'))).toBe(false);
  });

  test('says of a taken port whether a simulator is there, and where', async () => {
    const { url, env } = await startSimulator();
    const again = await runHere(['simulator', '--port', new URL(url).port, '--json'], { env });
    expect([again.code, JSON.parse(again.stderr)]).toEqual([
      7,
      {
        error: expect.objectContaining({
          type: 'port_taken',
          url,
          message: `A simulator already runs at ${url}`,
          hint: expect.stringContaining('use it with --profile simulator'),
        }),
      },
    ]);
  });

  test('does not say that the profile finds one of another home', async () => {
    const { url } = await startSimulator();
    const env = { HOME: temporaryFolder() };
    const again = await runHere(['simulator', '--port', new URL(url).port, '--json'], { env });
    expect([again.code, JSON.parse(again.stderr)]).toEqual([
      7,
      {
        error: expect.objectContaining({
          message: `A simulator already runs at ${url}`,
          hint: expect.stringContaining(
            'set the variables that it shows (--profile simulator does not find it',
          ),
        }),
      },
    ]);
  });

  test('does not take another program on its port for a simulator', async () => {
    const server = createServer((_, response) => response.end('{"ok":true}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const refused = await runHere(['simulator', '--port', String(port)]);
    expect([refused.code, refused.stderr]).toEqual([7, expect.stringContaining('another program uses it')]);
  });

  test.each([
    [0, ''],
    [3, 'Could not open a browser here; open it yourself: http'],
  ])('opens its page where the opener ends with %i', async (code, words) => {
    const home = temporaryFolder();
    const bin = path.join(home, 'bin');
    mkdirSync(bin);
    for (const name of ['xdg-open', 'wslview', 'open']) {
      writeFileSync(path.join(bin, name), `#!/bin/sh\nprintf %s "$1" > "${home}/opened"\nexit ${code}\n`);
      chmodSync(path.join(bin, name), 0o755);
    }
    const env = { HOME: home, PATH: `${bin}:${process.env['PATH']}` };
    const child = start(['simulator', '--port', '0', '--open'], { env, cwd: home });
    onTestFinished(() => void child.kill('SIGKILL'));
    const end = ended(child);
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [url] = /http:\S+/.exec(await firstLine(child)) ?? [];
    await expect.poll(() => existsSync(path.join(home, 'opened'))).toBe(true);
    await expect.poll(() => readFileSync(path.join(home, 'opened'), 'utf8')).toBe(url);
    if (words !== '') await expect.poll(() => stderr).toContain(words);
    child.kill('SIGTERM');
    await end;
    expect(stderr.includes('Could not open a browser')).toBe(code !== 0);
  });
});
