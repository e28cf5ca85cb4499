/** The examples of the help, pasted as they stand there: into a shell, and then into the command. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { allLeaves } from '../../src/cli/commands/index.ts';
import { parseCommand } from '../../src/cli/frame/parse.ts';
import { temporaryFolder } from '../helpers/command.ts';
import { runHere } from '../helpers/in-process.ts';

const leaves = allLeaves().map(({ words, leaf }) => ({ words, ...leaf }));

/** The lines below a title, as somebody copies them. */
async function examplesOf(words: readonly string[]): Promise<string> {
  const { stdout } = await runHere([...words, '--help'], { env: { LANG: 'C' } });
  return /^Examples\n([\s\S]*?)\n\n/m.exec(stdout)?.[1] ?? '';
}

/** What a shell makes of them: the words of each call, whatever is piped in or put round it. */
function callsIn(script: string, folder: string): readonly (readonly string[])[] {
  const shell = [
    'calls() { printf "%s\\0" "$@" >&3; printf "\\n\\0" >&3; }',
    'wechat-mp() { calls "$@"; }',
    'npx() { [ "$1" = wechat-mp ] && shift && calls "$@"; }',
    'curl() { :; }',
    script,
  ].join('\n');
  // What is not there on this machine, such as another shell, may fail: what was called is told all the same.
  const { stdout } = spawnSync('bash', ['-c', `{ ${shell}\n} 3>&1 >/dev/null`], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder },
    encoding: 'utf8',
  });
  const all: string[][] = [[]];
  for (const word of stdout.split('\0').slice(0, -1)) {
    if (word === '\n') all.push([]);
    else all.at(-1)?.push(word);
  }
  return all.slice(0, -1);
}

test.each(leaves.map((leaf) => [leaf.words.join(' '), leaf] as const))(
  'of %s can be pasted, and the command takes their words',
  async (_, { words, load }) => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, '.config/fish/completions'), { recursive: true });
    for (const name of ['access.log', 'urls.txt', 'shops.csv', 'body.xml', 'menu.json']) {
      writeFileSync(path.join(folder, name), 'line\n');
    }
    const { command } = await load();
    const calls = callsIn(await examplesOf(words), folder);
    expect(calls.length).toBeGreaterThanOrEqual(command.examples.length);
    for (const call of calls) {
      // One may be piped into another.
      const named = leaves.findLast((leaf) => leaf.words.every((word, index) => word === call[index]));
      if (named === undefined) return expect.fail(`there is no command "${call.join(' ')}"`);
      const taken = parseCommand(named.words, (await named.load()).command, call.slice(named.words.length));
      await expect(taken).resolves.toBeDefined();
    }
  },
);

test('of the commands that explain a signature say what is right', async () => {
  const folder = temporaryFolder();
  const push = await runHere(['trigger', 'text', '--mode', 'safe', '--dry-run'], { env: account });
  const [head = '', body = ''] = push.stdout.split(/\n\n/);
  writeFileSync(path.join(folder, 'body.xml'), body);
  writeFileSync(
    path.join(folder, 'access.log'),
    `::1 - - [28/Nov/2026:13:00:00 +0000] "${head.split('\n')[0]} HTTP/1.1" 200 7 "-" "Mozilla/4.0"\n`,
  );
  for (const [words, lines] of [
    [['handshake', 'check'], 2],
    [['crypto', 'decrypt'], 2],
  ] as const) {
    const calls = callsIn(await examplesOf(words), folder);
    expect(calls).toHaveLength(lines);
    for (const call of calls) {
      const { code, stderr } = await runHere(call, { cwd: folder, env: account });
      expect({ call, code, stderr }).toEqual({ call, code: 0, stderr });
    }
  }
});

const account = {
  WECHAT_MP_APPID: 'wxba5fad812f8e6fb9',
  WECHAT_MP_CALLBACK_TOKEN: 'AAAAA',
  WECHAT_MP_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
};
