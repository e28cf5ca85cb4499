import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { run, spawnSimulator, startSimulator } from '../../../helpers/command.ts';
import { fakeWorld } from '../../../helpers/fake-io.ts';
import { runHere, startHere } from '../../../helpers/in-process.ts';
import { rounds } from '../../../helpers/rounds.ts';
import { callbackToken, honest, startCallbackServer } from '../../../helpers/callback-server.ts';

function temporaryFile(name: string, content?: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'wechat-mp-state-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, name);
  if (content !== undefined) writeFileSync(file, content);
  return file;
}

describe('simulator --state', () => {
  test('goes on after a kill where it was, and keeps the file to its owner', async () => {
    const state = temporaryFile('state.json');
    const first = await spawnSimulator(['--state', state]);
    await first.control('followers', { openid: 'oAlice' });
    await first.control('phone/oAlice/send', { text: 'remember me' });
    await expect.poll(() => readFileSync(state, 'utf8')).toContain('remember me');
    expect(statSync(state).mode & 0o777).toBe(0o600);
    await first.kill();
    const second = await startSimulator(['--state', state]);
    expect([second.appid, second.secret]).toEqual([first.appid, first.secret]);
    expect(await second.control('chats/oAlice')).toMatchObject({
      messages: [{ content: { text: 'remember me' } }],
    });
  });

  test('belongs to one simulator at a time', async () => {
    const state = temporaryFile('state.json');
    await startSimulator(['--state', state]);
    const { code, stderr } = await run(['simulator', '--port', '0', '--state', state]);
    expect([code, stderr]).toEqual([7, expect.stringContaining('another simulator uses it')]);
  });

  test('sets a file aside that breaks off, and begins anew', async () => {
    const state = temporaryFile('state.json', '{"version":1,"runs":1,"acc');
    const { code, stdout, stderr } = await run(['simulator', '--state', state, '--', 'echo', 'ran']);
    expect([code, stdout, stderr]).toEqual([0, 'ran\n', expect.stringContaining('breaks off')]);
    expect(readFileSync(`${state}.broken`, 'utf8')).toBe('{"version":1,"runs":1,"acc');
    expect(JSON.parse(readFileSync(state, 'utf8'))).toMatchObject({ version: 4, runs: 1 });
    expect(existsSync(`${state}.lock`)).toBe(false);
  });

  test.each(['{"name":"my-project"}', 'hello', '{"version":1,"name":"x"}'])(
    'refuses a file with %j and leaves it',
    async (content) => {
      const state = temporaryFile('package.json', content);
      const { code, stderr } = await runHere(['simulator', '--state', state, '--', 'echo', 'ran']);
      expect([code, stderr]).toEqual([2, expect.stringContaining('it is no state of a simulator')]);
      expect(readFileSync(state, 'utf8')).toBe(content);
    },
  );
});

describe('simulator --to', () => {
  test('pushes to the server in the mode that was named, over a real port', async () => {
    const server = await startCallbackServer(honest);
    const simulator = await startSimulator(['--to', server.url, '--mode', 'safe']);
    await simulator.control('callback', { token: callbackToken });
    await simulator.control('followers', { openid: 'oAlice' });
    expect(await simulator.control('phone/oAlice/send', { text: 'hi' })).toMatchObject({
      pushes: [{ state: 'answered', valid: true, mode: 'safe', user_sees: 'nothing' }],
    });
    expect(server.requests.at(-1)).toMatchObject({ method: 'POST', genuine: true });
    expect(server.requests.at(-1)?.body).toMatch(/^<xml><ToUserName>.*<Encrypt>/s);
  });

  test('answers hundreds of pushes at once and stays responsive', { timeout: 60_000 }, async () => {
    const server = await startCallbackServer(honest);
    const simulator = await startSimulator(['--to', server.url]);
    await simulator.control('callback', { token: callbackToken });
    const pushes = await Promise.all(
      Array.from({ length: rounds(250, 1000) }, () => simulator.control('push', { type: 'text' })),
    );
    expect(new Set(pushes.map((push) => (push as { state: string }).state))).toEqual(new Set(['answered']));
    expect(await simulator.control('pushes')).toHaveLength(200);
    expect(await simulator.control('health')).toMatchObject({ ok: true });
  });

  test.each([
    [['--to', 'localhost:3000'], 'must begin with http:// or https://'],
    [['--mode', 'compatible'], 'compatible'],
    [['--scenario', 'callback-dwn'], '--scenario callback-down'],
    [['--scenario', 'x'], 'There is no scenario "x"'],
    [['--scenario', './missing.json'], './missing.json'],
  ])('refuses %j with exit code 2', async (flags, words) => {
    const { code, stdout, stderr } = await runHere(['simulator', ...flags, '--', 'echo', 'ran']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });
});

describe('the lines of simulator', () => {
  test('tell of each push when it has ended, as words and as JSON', async () => {
    for (const [flags, expected] of [
      [[], 'push text to oAlice not sent: no server is configured\n'],
      [['--json'], '{"type":"push","sample":"text","id":1,'],
    ] as const) {
      let lines = '';
      const running = startHere(['simulator', '--port', '0', ...flags], {}, (text) => (lines += text));
      onTestFinished(running.stop);
      await expect.poll(() => lines).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(lines)?.[0];
      for (const [path_, body] of [
        ['followers', { openid: 'oAlice' }],
        ['push', { type: 'text' }],
      ] as const) {
        await fetch(`${url}/_ctl/${path_}`, { method: 'POST', body: JSON.stringify(body) });
      }
      await expect.poll(() => lines).toContain(expected);
    }
  });
});

test('simulator --scenario takes a file with comments', async () => {
  const file = temporaryFile(
    'bad-day.json',
    '{ // nobody may call\n "settings": {"whitelist": []}, "followers": [{"openid":"o1"}] }',
  );
  const simulator = await startSimulator(['--scenario', file]);
  expect(await simulator.control('state')).toMatchObject({
    settings: { whitelist: [] },
    followers: [{ openid: 'o1' }],
  });
});

test.each([
  ['a key', '{"followers":[],\n "followers":[]}', '"followers" is here twice', ':2:2'],
  ['a key within', '{"settings":{"name":"a",\n"name":"b"}}', '"name" is here twice', ':2:1'],
  [
    'a person',
    '{"followers":[{"openid":"o1"},\n  {"openid":"o1"}]}',
    'followers[1]: The openid "o1" is that of followers[0] already',
    ':2:3',
  ],
  [
    'a mistake in a part',
    '{"articles":[{"title":"a","comments":[\n{"openid":"o 1","content":"a"}]}]}',
    'articles[0].comments[0]: ',
    ':2:1',
  ],
  [
    'a quota of a path that is close to one',
    '{"settings":{"quotas":{\n  "/cgi-bin/menu/creat":1}}}',
    'no call has the path "/cgi-bin/menu/creat"; "/cgi-bin/menu/create" is close',
    ':2:3',
  ],
  [
    'a quota of a path that is close to none',
    '{"settings":{"quotas":{"/cgi-bin/nothing":1}}}',
    'no call has the path "/cgi-bin/nothing"',
    ':1:24',
  ],
  ['no JSON', '{"followers":[\n  {]}', 'as JSON: ', ':2:4'],
])('simulator --scenario says in which line there is %s', async (_, content, words, at) => {
  const { code, stderr } = await fakeWorld({ files: { 'day.json': content } }).run(
    'simulator',
    '--scenario',
    './day.json',
    '--json',
  );
  const { error } = JSON.parse(stderr) as { error: { message: string; hint: string; line: number } };
  expect([code, error.hint, `:${error.line}`]).toEqual([2, `Correct ./day.json${at}`, at.slice(0, 2)]);
  expect(error.message).toContain(words);
  if (words.includes('nothing')) expect(error.message).not.toContain('is close');
});

test('simulator --scenario tells JSON that was turned into JSON twice', async () => {
  const { code, stderr } = await fakeWorld({ files: { 'day.json': '"{\\"faults\\":[]}"' } }).run(
    'simulator',
    '--scenario',
    './day.json',
  );
  expect([code, stderr]).toEqual([2, expect.stringContaining('turned into JSON twice')]);
});

test.each([
  ['{"fault":[]}', '"fault"'],
  ['{"faults":[{"pth":"/cgi-bin/token"}]}', 'faults[0]'],
  ['{"callback":{"x":1}}', 'callback: Fields must be "url"'],
  ['{"callback":{"url":"x"}}', 'callback: "url" must begin'],
])('simulator --scenario names the file that holds %s', async (content, place) => {
  const file = temporaryFile('bad-day.json', content);
  const { code, stderr } = await runHere(['simulator', '--scenario', file, '--', 'echo', 'ran']);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`Cannot use "${file}": `)]);
  expect(stderr).toContain(place);
  expect(stderr).toContain(`Correct ${file}`);
});
