/** The first quarter of an hour with the tool: nothing but the package and its simulator. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ended, firstLine, run, startSimulator } from '../helpers/command.ts';
import { runHere } from '../helpers/in-process.ts';
import { createProject, notice } from './project.ts';
import { readQr } from './qr-readers.ts';

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

/** `key=value` lines as an object. */
function parseLines(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

describe('wechat-mp simulator -- wechat-mp …', () => {
  test('token prints one line, the bare token, and leaves one private file', async () => {
    const project = createProject();
    const { code, stdout, stderr } = await project.exec([
      'wechat-mp',
      'simulator',
      '--',
      'wechat-mp',
      'token',
    ]);
    expect(stdout).toMatch(/^SIM_[\w-]{132}\n$/);
    expect(stderr.replace(notice, '')).toBe('');
    expect(code).toBe(0);
    const files = readdirSync(path.join(project.folder, 'home'), { recursive: true, withFileTypes: true });
    expect(files.filter((file) => file.isFile()).map((file) => file.name)).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}\.json$/),
    ]);
  });

  test.each([
    ['menus/basic.json', 4, ''],
    [
      'menus/all-types.json',
      13,
      '! menus/all-types.json:33:19: warning since drafts were introduced, "view_limited" no longer opens articles  [type-retired]\n',
    ],
  ])('menu push %s publishes %i buttons', async (file, buttons, warnings) => {
    const words = ['wechat-mp', 'simulator', '--', 'wechat-mp', 'menu', 'push', file, '--yes'];
    const { code, stdout, stderr } = await createProject().exec(words);
    expect(stdout).toMatch(
      new RegExp(`^Pushed ${buttons} buttons to wx[0-9a-f]{16}; read back and equal\n$`),
    );
    // What changes is listed button by button; the rest is warnings.
    const listed = stderr.match(/^\+ .+ {2}\w+ {2}.+$/gm) ?? [];
    expect(listed).toHaveLength(buttons);
    expect(stderr.replaceAll(/^(?:Using the simulator at .*|\+ .*)\n/gm, '')).toBe(warnings);
    expect(code).toBe(0);
  });

  test('menu push replaces a menu where nobody can be asked, but not without a backup', async () => {
    const project = createProject();
    const push = (file: string, ...flags: string[]) =>
      ['wechat-mp', 'menu', 'push', `menus/${file}.json`, ...flags].join(' ');
    const script = `${push('basic')} && ${push('shop')} && ${push('basic', '--no-backup')}`;
    const { code, stdout, stderr } = await project.exec(['wechat-mp', 'simulator', '--', 'sh', '-c', script]);
    expect({ code, lines: stdout.trimEnd().split('\n').length }).toEqual({ code: 2, lines: 2 });
    expect(stderr).toMatch(/to undo: wechat-mp menu push \S+\n/);
    expect(stderr).toMatch(
      /Add --yes, or --dry-run to see what would happen\n {2}More: wechat-mp menu push --help\n$/,
    );
  });

  test('qr create --out writes a picture that two readers read as the printed url', async () => {
    const project = createProject();
    const words = [
      'wechat-mp',
      'simulator',
      '--',
      'wechat-mp',
      'qr',
      'create',
      '--scene',
      '123',
      '--out',
      'qr.jpg',
    ];
    const { code, stdout, stderr } = await project.exec(words);
    expect(stdout).toMatch(/^http:\/\/weixin\.qq\.com\/q\/[\w-]+\n$/);
    expect(stderr.replace(notice, '')).toBe('');
    expect(code).toBe(0);
    const url = stdout.trimEnd();
    expect(await readQr(readFileSync(path.join(project.folder, 'qr.jpg')))).toEqual([url, url]);
  });

  test('sign-url prints five lines and cuts the fragment', async () => {
    const words = ['wechat-mp', 'simulator', '--', 'wechat-mp', 'sign-url', 'https://example.com/a?x=1#frag'];
    const { code, stdout, stderr } = await createProject().exec(words);
    expect(stdout.split('\n').map((line) => line.split('=')[0])).toEqual([
      'appId',
      'timestamp',
      'nonceStr',
      'signature',
      'url',
      '',
    ]);
    expect(parseLines(stdout)['url']).toBe('https://example.com/a?x=1');
    expect(stderr.replace(/Using the simulator at .*\n/, '')).toBe(
      'Cut the fragment: signed https://example.com/a?x=1\n',
    );
    expect(code).toBe(0);
  });
});

test('sign-url signs what an independent calculation with the same ticket gives', async () => {
  const { env, url, appid, secret } = await startSimulator();
  const { stdout, code } = await runHere(['sign-url', 'https://example.com/a?x=1#frag'], { env });
  expect(code).toBe(0);
  const body = JSON.stringify({ grant_type: 'client_credential', appid, secret });
  const answer = await fetch(`${url}/cgi-bin/stable_token`, { method: 'POST', body });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const ticketUrl = `${url}/cgi-bin/ticket/getticket?type=jsapi&access_token=${token}`;
  const { ticket } = (await (await fetch(ticketUrl)).json()) as { ticket: string };
  const signed = parseLines(stdout);
  const { nonceStr, timestamp } = signed;
  const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=https://example.com/a?x=1`;
  expect(signed).toEqual({
    appId: appid,
    timestamp: expect.stringMatching(/^\d{10}$/),
    nonceStr: expect.stringMatching(/^[\w-]{16}$/),
    signature: sha1(text),
    url: 'https://example.com/a?x=1',
  });
});

describe('simulator -- command', () => {
  test('hands stdin, stdout and words through unchanged', async () => {
    const script = 'cat; printf "%s|" "$@"; echo problem >&2';
    const words = ['simulator', '--', 'sh', '-c', script, 'sh', '--json', '-h', 'a b', '--'];
    const { code, stdout, stderr } = await run(words, { input: 'in' });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'in--json|-h|a b|--|', stderr: 'problem\n' });
  });

  test('gives five variables that work, and empties those that would lead past the simulator', async () => {
    const project = createProject();
    const script = `
      set -e
      env | grep ^WECHAT_MP_ | sort
      echo "token=$(wechat-mp token)"
      echo "signature=$(wechat-mp handshake sign --timestamp 1714036504 --nonce 1514711492)"
      wechat-mp serve --port 0 --mode safe --ready-file ready.json & server=$!
      until [ -e ready.json ]; do kill -0 $server; done
      kill $server; wait $server || echo "serve=$?"`;
    const { code, stdout } = await project.exec(['wechat-mp', 'simulator', '--', 'sh', '-c', script], {
      env: { WECHAT_MP_ACCESS_TOKEN: 'somebody-elses', WECHAT_MP_PROFILE: 'production' },
    });
    expect(code).toBe(0);
    const lines = parseLines(stdout.replace(/^listening on.*\n/m, ''));
    const { signature, ...variables } = lines;
    expect(variables).toEqual({
      WECHAT_MP_ACCESS_TOKEN: '',
      WECHAT_MP_AES_KEY: expect.stringMatching(/^[A-Za-z0-9]{43}$/),
      WECHAT_MP_API_BASE: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      WECHAT_MP_APPID: expect.stringMatching(/^wx[0-9a-f]{16}$/),
      WECHAT_MP_APPSECRET: expect.stringMatching(/^[0-9a-f]{32}$/),
      WECHAT_MP_CALLBACK_TOKEN: expect.stringMatching(/^[A-Za-z0-9]{3,32}$/),
      WECHAT_MP_PROFILE: '',
      WECHAT_MP_STORE: '',
      WECHAT_MP_TOKEN_URL: '',
      WECHAT_MP_VIA: '',
      token: expect.stringMatching(/^SIM_[\w-]{132}$/),
      serve: '143',
    });
    const parts = ['1714036504', '1514711492', variables['WECHAT_MP_CALLBACK_TOKEN'] ?? ''];
    expect(signature).toBe(sha1(parts.toSorted().join('')));
  });

  test('a simulator inside a simulator is one of its own', async () => {
    const script = "echo $WECHAT_MP_API_BASE; wechat-mp simulator -- sh -c 'echo $WECHAT_MP_API_BASE'";
    const { stdout, code } = await createProject().exec(['wechat-mp', 'simulator', '--', 'sh', '-c', script]);
    expect(code).toBe(0);
    const addresses = stdout.trimEnd().split('\n');
    expect(addresses).toHaveLength(2);
    expect(new Set(addresses).size).toBe(2);
  });

  test('a command that is not there is exit 127 with the next step', async () => {
    expect(await run(['simulator', '--', 'no-such-command', '--json'])).toEqual({
      code: 127,
      signal: null,
      stdout: '',
      stderr:
        '✗ Cannot run "no-such-command": there is no such command\n' +
        '  Fix: Check the command after --; inside a project, npx finds its own commands\n' +
        '  More: wechat-mp explain command_not_found\n',
    });
  });

  test('the ready file is there when the command starts', async () => {
    const project = createProject();
    const words = ['wechat-mp', 'simulator', '--ready-file', 'ready.json', '--', 'cat', 'ready.json'];
    const { code, stdout } = await project.exec(words);
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual([
      'type',
      'url',
      'appid',
      'secret',
      'callback_token',
      'aes_key',
    ]);
  });
});

describe('simulator', () => {
  test('--ready-file appears whole, with what --json prints', async () => {
    const project = createProject();
    const file = path.join(project.folder, 'ready.json');
    const seen = new Set<string>();
    // Each event is a chance to see half a file.
    const watcher = watch(project.folder, () => {
      if (existsSync(file)) seen.add(readFileSync(file, 'utf8'));
    });
    const child = project.start(['wechat-mp', 'simulator', '--port', '0', '--json', '--ready-file', file]);
    onTestFinished(() => {
      watcher.close();
      child.kill('SIGKILL');
    });
    const line = await firstLine(child);
    expect(readFileSync(file, 'utf8')).toBe(`${line}\n`);
    child.kill('SIGTERM');
    expect((await ended(child)).code).toBe(143);
    expect([...seen]).toEqual([`${line}\n`]);
  });

  test('a taken port is exit 7 with the next step', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    for (const words of [[], ['--', 'true']]) {
      expect(await runHere(['simulator', '--port', String(port), ...words])).toEqual({
        code: 7,
        signal: null,
        stdout: '',
        stderr:
          `✗ Cannot listen on port ${port} of "127.0.0.1": another program uses it\n` +
          '  Fix: Use another port, or any free one: --port 0\n' +
          '  More: wechat-mp explain port_taken\n',
      });
    }
  });

  test('takes the AppID that a project file pins', async () => {
    const project = createProject();
    const pin = path.join(project.folder, 'wechat-mp.json');
    writeFileSync(pin, '{\n  // ours\n  "appid": "wx00000000000000aa",\n}\n');
    const words = ['wechat-mp', 'simulator', '--', 'wechat-mp', 'token', '--json'];
    const { code, stdout } = await project.exec(words);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ appid: 'wx00000000000000aa', source: 'platform' });
    // The same pin refuses an account from elsewhere.
    const refused = await project.exec(['wechat-mp', 'token'], {
      env: { WECHAT_MP_APPID: 'wx00000000000000bb', WECHAT_MP_APPSECRET: 'f'.repeat(32) },
    });
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain(`The pin is "appid" in ${pin}`);
  });

  test('two at once share a cache and never a token', async () => {
    const [first, second] = [await startSimulator(['--seed', '5']), await startSimulator(['--seed', '5'])];
    expect(first.appid).toBe(second.appid);
    const HOME = first.env['HOME'];
    const ask = async (env: Readonly<Record<string, string>>): Promise<unknown> => {
      const { stdout, code } = await runHere(['token', '--json'], { env: { ...env, HOME } });
      expect(code).toBe(0);
      return JSON.parse(stdout);
    };
    expect(await ask(first.env)).toMatchObject({ source: 'platform' });
    // Account and seed are the same; only the address tells the two apart.
    expect(await ask(second.env)).toMatchObject({ source: 'platform' });
    expect(await ask(first.env)).toMatchObject({ source: 'cache' });
    expect([await first.count('/cgi-bin/stable_token'), await second.count('/cgi-bin/stable_token')]).toEqual(
      [1, 1],
    );
  });
});
