/** `simulator -- command` in a project of the simulator, while another simulator runs: two real ones. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { builtFile, run, startSimulator, temporaryFolder } from '../helpers/command.ts';

/** What the command does: a token, a push of a menu, a trigger and a server, all without any flag about the account. */
const script = `
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
const tool = process.argv[2];
const { WECHAT_MP_API_BASE: base, WECHAT_MP_APPID: appid, WECHAT_MP_CALLBACK_TOKEN: token } = process.env;
const sign = (...texts) => createHash('sha1').update([token, ...texts].sort().join('')).digest('hex');
const serve = spawn(process.execPath, [tool, 'serve', '--port', '0']);
serve.stdout.setEncoding('utf8');
const address = await new Promise((resolve) => serve.stdout.on('data', (text) => resolve(/http:\\S+/.exec(text)?.[0])));
const query = new URLSearchParams({ signature: sign('1714036504', '7'), timestamp: '1714036504', nonce: '7', echostr: 'heard' });
const codes = [
  ['token', '--json'],
  ['menu', 'push', 'menu.json', '--json'],
  ['trigger', 'text', '--to', address, '--mode', 'safe', '--json'],
].map((words) => {
  const { status, stdout } = spawnSync(process.execPath, [tool, ...words], { encoding: 'utf8' });
  return [status, JSON.parse(stdout).appid ?? JSON.parse(stdout).valid];
});
const now = String(Math.floor(Date.now() / 1000));
query.set('timestamp', now);
query.set('signature', sign(now, '7'));
const heard = await (await fetch(address + '?' + query)).text();
serve.kill();
const calls = await (await fetch(base + '/_ctl/requests')).json();
console.log(JSON.stringify({ appid, codes, heard, calls: calls.map(({ path }) => path) }));
`;

test('the command behind -- meets its own simulator, not the one that the project names', async () => {
  const other = await startSimulator();
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'wechat-mp.json'), '{"profile":"simulator"}');
  writeFileSync(path.join(folder, 'menu.json'), '{"button":[{"type":"click","name":"a","key":"a"}]}');
  writeFileSync(path.join(folder, 'test.mjs'), script);
  const env = { HOME: other.env['HOME'] };
  const words = ['simulator', '--', process.execPath, 'test.mjs', builtFile()];
  const { code, stdout, stderr } = await run(words, { env, cwd: folder });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const found = JSON.parse(stdout) as Record<string, unknown>;
  expect(found).toMatchObject({
    codes: [
      [0, found['appid']],
      [0, found['appid']],
      [0, true],
    ],
    heard: 'heard',
    calls: expect.arrayContaining(['/cgi-bin/stable_token', '/cgi-bin/menu/create']) as unknown,
  });
  expect(await other.control('requests')).toEqual([]);
  // Without it, the project's choice is the one that runs.
  const shown = await run(['token', '--json'], { env, cwd: folder });
  expect(JSON.parse(shown.stdout)).toMatchObject({ appid: other.appid });
});
