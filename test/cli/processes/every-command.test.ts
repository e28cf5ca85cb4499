import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { allLeaves } from '../../../src/cli/commands/index.ts';
import {
  ended,
  firstLine,
  run,
  start,
  startSimulator,
  temporaryFolder,
  type RunOptions,
} from '../../helpers/command.ts';
import { runHere } from '../../helpers/in-process.ts';
import { againstSchema } from '../../helpers/output-schema.ts';
import { blocksOf } from '../../docs/pages.ts';
import { startServing } from '../../e2e/serving.ts';

const leaves = allLeaves().map(({ words }) => words.join(' '));

interface Call {
  readonly words: readonly string[];
  readonly input?: string;
  /** Where the time decides whether it is exit 0 or 1. */
  readonly isTimed?: true;
}

const menu = JSON.stringify({ button: [{ type: 'click', name: 'a', key: 'k' }] });
const menusFolder = path.resolve(import.meta.dirname, '../../../menus');
const url = 'http://h/wechat';
const plain = '<xml><ToUserName><![CDATA[gh_1]]></ToUserName></xml>';

/** One good call of every command, in an order in which they find what they need. */
const calls = (appId: string, to: string, simulator: string): Readonly<Record<string, readonly Call[]>> => ({
  token: [
    { words: ['token'] },
    { words: ['token', '--status'] },
    { words: ['token', '--force', '--dry-run'] },
    { words: ['token', '--clear', '--dry-run'] },
  ],
  doctor: [{ words: ['doctor'] }, { words: ['doctor', '--offline', '--fix'] }],
  quota: [
    { words: ['quota'] },
    { words: ['quota', 'menu/create'] },
    { words: ['quota', '--reset', '--dry-run'] },
    { words: ['quota', '--reset', '--yes'] },
  ],
  ip: [{ words: ['ip'] }, { words: ['ip', '--api'] }, { words: ['ip', '--callback'] }],
  'profile add': [{ words: ['profile', 'add', 'shop'] }],
  'profile list': [{ words: ['profile', 'list'] }],
  'profile use': [{ words: ['profile', 'use', 'shop'] }],
  'profile show': [{ words: ['profile', 'show'] }, { words: ['profile', 'show', 'shop'] }],
  'profile remove': [{ words: ['profile', 'remove', 'shop', '--yes'] }],
  'menu lint': [
    { words: ['menu', 'lint', '-'], input: menu },
    { words: ['menu', 'lint', '-', '--strict'], input: menu },
    { words: ['menu', 'lint', '-', menusFolder], input: menu },
  ],
  'menu push': [
    { words: ['menu', 'push', '-', '--dry-run'], input: menu },
    { words: ['menu', 'push', '-', '--yes'], input: menu },
    { words: ['menu', 'push', '-'], input: menu },
  ],
  'menu diff': [{ words: ['menu', 'diff', '-'], input: menu }],
  'menu try': [{ words: ['menu', 'try', 'reader'] }],
  'menu pull': [{ words: ['menu', 'pull'] }, { words: ['menu', 'pull', '--out', 'pulled.json'] }],
  'menu delete': [
    { words: ['menu', 'delete', '--dry-run'] },
    { words: ['menu', 'delete', '--confirm', appId] },
    { words: ['menu', 'delete', '--confirm', appId] },
  ],
  'qr create': [
    { words: ['qr', 'create', '--scene', '1', '--dry-run'] },
    { words: ['qr', 'create', '--scene', '1', '--out', 'qr.jpg'] },
  ],
  'qr batch': [
    { words: ['qr', 'batch', '-', '--out-dir', 'codes', '--dry-run'], input: 'scene\n1\n2\n' },
    { words: ['qr', 'batch', '-', '--out-dir', 'codes', '--sheet'], input: 'scene\n1\n2\n' },
    { words: ['qr', 'batch', '-', '--out-dir', 'codes', '--resume'], input: 'scene\n1\n2\n' },
  ],
  'qr show': [
    { words: ['qr', 'show', 'http://weixin.qq.com/q/02wPFKBmPJfu21QQPIxycG'] },
    {
      words: [
        'qr',
        'show',
        '--offline',
        'gQGA8DwAAAAAAAAAAS5odHRwOi8vd2VpeGluLnFxLmNvbS9xLzAyd1BGS0JtUEpmdTIxUVFQSXh5Y0cAAgS0IetiAwSAUQEA',
      ],
    },
  ],
  'sign-url': [
    { words: ['sign-url', 'https://example.com/'] },
    { words: ['sign-url', 'https://a.com/', 'https://b.com/'] },
    { words: ['sign-url', '--stdin'], input: 'https://a.com/\nhttps://b.com/\n' },
    { words: ['sign-url', 'pjZ8Yt1XGILfi', '--type', 'wx_card'] },
    { words: ['sign-url', '--type', 'wx_card', '--call', 'chooseCard', '-q'] },
  ],
  'handshake sign': [{ words: ['handshake', 'sign'] }, { words: ['handshake', 'sign', '--url', url] }],
  'handshake check': [],
  'handshake probe': [{ words: ['handshake', 'probe', to, '--post'] }],
  'crypto encrypt': [{ words: ['crypto', 'encrypt'], input: plain }],
  'crypto decrypt': [],
  'crypto key': [{ words: ['crypto', 'key'] }],
  api: [
    { words: ['api', '--list', 'tag'] },
    { words: ['api', '--describe', '/cgi-bin/tags/create'] },
    { words: ['api', '/cgi-bin/tags/create', '-f', 'tag[name]=vip', '--dry-run'] },
    { words: ['api', '/cgi-bin/tags/create', '-f', 'tag[name]=vip', '--include'] },
    { words: ['api', '/cgi-bin/user/get', '--paginate'] },
    { words: ['api', '/cgi-bin/media/get', '--query', 'media_id=x', '--dry-run'] },
  ],
  init: [{ words: ['init', 'shop', '--dry-run'] }, { words: ['init', '--simulator'] }],
  completion: [{ words: ['completion', 'bash'] }],
  'skill print': [{ words: ['skill', 'print'] }],
  'skill install': [{ words: ['skill', 'install'] }],
  explain: [
    { words: ['explain', '40164'] },
    { words: ['explain', '48001', '/cgi-bin/tags/create'] },
    { words: ['explain'], input: 'invalid ip 203.0.113.7, not in whitelist' },
    { words: ['explain', '--list', 'whitelist'] },
  ],
  help: [
    { words: ['help'] },
    { words: ['help', 'menu', 'push'] },
    { words: ['help', 'ci'] },
    { words: ['help', 'menu'] },
    { words: ['menu', '--help'] },
    { words: ['--version'] },
  ],
  simulator: [{ words: ['simulator', '--', 'sh', '-c', 'echo "$WECHAT_MP_APPID" | sed "s/.*/\\"&\\"/"'] }],
  'simulator compare': [{ words: ['simulator', 'compare'] }],
  'simulator wait': [{ words: ['simulator', 'wait', simulator] }],
  serve: [],
  relay: [],
  trigger: [
    { words: ['trigger', '--list'] },
    { words: ['trigger', 'text', '--to', to] },
    { words: ['trigger', 'text', '--to', to, '--dry-run'] },
    { words: ['trigger', 'text', '--to', to, '--duplicate'], isTimed: true },
    { words: ['trigger', 'text', '--to', to, '--tamper', 'signature'] },
    { words: ['trigger', 'text', '--to', to, '--repeat', '2'] },
    { words: ['trigger', '--all', '--to', to] },
  ],
});

describe('--json', () => {
  test('makes the stdout of every command JSON, one value a line', { timeout: 90_000 }, async () => {
    // The project that init makes takes the mode of the simulator, and the server one by its key.
    const simulator = await startSimulator(['--mode', 'safe']);
    const options: RunOptions = { env: simulator.env, cwd: temporaryFolder() };
    const serving = await startServing([], { env: simulator.env });
    const all = calls(simulator.appid, serving.url, simulator.url);
    await simulator.control('followers', { wechat_id: 'reader' });
    expect(Object.keys(all).toSorted()).toEqual(leaves.toSorted());
    const signed = (await run(['handshake', 'sign', '--url', url], options)).stdout.trim();
    const envelope = (await run(['crypto', 'encrypt'], { ...options, input: plain })).stdout;
    const last: readonly Call[] = [
      { words: ['handshake', 'check', signed] },
      { words: ['crypto', 'decrypt'], input: envelope },
      { words: ['crypto', 'decrypt', '--explain'], input: envelope },
    ];
    // One of each command as it is built, the others in this process; test/docs/front-door.test.ts starts those of the README.
    const pasted = blocksOf('README.md').filter(({ kind }) => kind === 'sh');
    const isPasted = (name: string) => pasted.some(({ text }) => text.includes(`wechat-mp ${name} `));
    const firsts = Object.entries(all).flatMap(([name, [first]]) =>
      isPasted(name) && name !== 'simulator' ? [] : [first],
    );
    const built = new Set([...firsts, ...last]);
    for (const call of [...Object.values(all).flat(), ...last]) {
      const { words, input = '', isTimed } = call;
      const end = words.includes('--') ? words.indexOf('--') : words.length;
      const runOne = built.has(call) ? run : runHere;
      const { code, stdout, stderr } = await runOne(words.toSpliced(end, 0, '--json'), {
        ...options,
        input,
      });
      const isGood = code === 0 || (isTimed === true && code === 1);
      expect(isGood ? [] : [words, code, stdout, stderr]).toEqual([]);
      expect(stdout, words.join(' ')).toMatch(/\n$/);
      for (const line of stdout.trim().split('\n')) {
        expect(() => JSON.parse(line), `${words.join(' ')}: ${line}`).not.toThrow();
        const command = leaves.findLast((leaf) => `${words.join(' ')} `.startsWith(`${leaf} `));
        if (command === undefined || command === 'simulator') continue;
        const value: unknown = JSON.parse(line);
        expect({ words, wrong: againstSchema(command, value), line }).toEqual({ words, wrong: [], line });
      }
    }
  });

  test('makes every error one line of JSON, the last of stderr, and leaves stdout empty', async () => {
    const simulator = await startSimulator();
    const env = { ...simulator.env, WECHAT_MP_APPSECRET: '0'.repeat(32) };
    const cwd = temporaryFolder();
    for (const [words, code, type] of [
      [['tokn'], 2, 'command_unknown'],
      [['menu'], 2, 'command_missing'],
      [['token', '--nope'], 2, 'option_unknown'],
      [['token'], 3, 'invalid_appsecret'],
      [['menu', 'push'], 2, 'file_unreadable'],
      [['menu', 'delete'], 2, 'confirmation_missing'],
      [['sign-url', 'x'], 2, 'url_invalid'],
      [['serve', '--port', '99999'], 2, 'port_invalid'],
      [['help', 'nope'], 2, 'command_unknown'],
      [['profile', 'show', 'nope'], 3, 'profile_unknown'],
      [['simulator', '--', '/nonexistent/command'], 127, 'command_not_found'],
      [['simulator', '--'], 2, 'command_after_dashes_missing'],
      [['simulator', '--port', '0', '--ready-file', '/nonexistent/file'], 7, 'file_not_writable'],
      [['serve', '--port', '0', '--ready-file', '/nonexistent/file'], 7, 'file_not_writable'],
    ] as const) {
      const end = (words as readonly string[]).includes('--') ? words.indexOf('--' as never) : words.length;
      // Only what starts a command needs a process here.
      const runOne = words.at(-1) === '/nonexistent/command' ? run : runHere;
      const found = await runOne((words as readonly string[]).toSpliced(end, 0, '--json'), { env, cwd });
      const { error } = JSON.parse(found.stderr.trim().split('\n').at(-1) ?? '') as {
        error: Record<string, unknown>;
      };
      expect({
        words,
        code: found.code,
        stdout: found.stdout,
        type: error['type'],
        own: error['code'],
      }).toEqual({
        words,
        code,
        stdout: '',
        type,
        own: code,
      });
    }
  });
});

describe('long-running commands', () => {
  const environment = { WECHAT_MP_CALLBACK_TOKEN: 'token123', HOME: '/dev/null' };

  test.each([
    ['serve', /^listening on http:\/\/127\.0\.0\.1:\d+\/wechat \(plain mode\)$/, /^Stopped\n$/],
    ['simulator', /^listening on http:\/\/127\.0\.0\.1:\d+$/, /^Open http:.*\nStopped\n$/],
  ])('%s says in its first line that it listens', async (command, line, talk) => {
    const child = start([command, '--port', '0'], { env: environment });
    const gone = ended(child);
    expect(await firstLine(child)).toMatch(line);
    child.kill('SIGTERM');
    expect(await gone).toMatchObject({ code: 143, stderr: expect.stringMatching(talk) });
  });

  test.each([
    ['serve', ['type', 'url', 'mode']],
    ['simulator', ['type', 'url', 'appid', 'secret', 'callback_token', 'aes_key']],
  ])('%s --json begins with a ready object, which is also in the ready file', async (command, keys) => {
    const file = `${temporaryFolder()}/ready.json`;
    const child = start([command, '--port', '0', '--json', '--ready-file', file], { env: environment });
    const gone = ended(child);
    const first = await firstLine(child);
    expect(Object.keys(JSON.parse(first) as object)).toEqual(keys);
    const { readFileSync, statSync } = await import('node:fs');
    expect(readFileSync(file, 'utf8')).toBe(`${first}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    child.kill('SIGINT');
    expect((await gone).code).toBe(130);
    expect(existsSync(file)).toBe(false);
  });

  test.each(['serve', 'simulator'])('%s leaves a ready file that is no longer its own', async (command) => {
    const file = `${temporaryFolder()}/ready.json`;
    const child = start([command, '--port', '0', '--json', '--ready-file', file], { env: environment });
    const gone = ended(child);
    await firstLine(child);
    const { readFileSync, writeFileSync } = await import('node:fs');
    writeFileSync(file, 'of another');
    child.kill('SIGTERM');
    expect((await gone).code).toBe(143);
    expect(readFileSync(file, 'utf8')).toBe('of another');
  });

  test('simulator takes the ready file away when its command has ended', async () => {
    const file = `${temporaryFolder()}/ready.json`;
    const words = ['simulator', '--ready-file', file, '--', 'cat', file];
    const { code, stdout } = await run(words, { env: environment });
    expect([code, (JSON.parse(stdout) as { type: string }).type, existsSync(file)]).toEqual([
      0,
      'ready',
      false,
    ]);
  });
});
