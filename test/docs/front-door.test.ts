/** The README pasted from top to bottom by somebody who has only this page: from a clone, and from a project. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { version } from '../../package.json';
import { allLeaves } from '../../src/cli/commands/index.ts';
import { builtDist, cleanEnvironment, ended, firstLine, temporaryFolder } from '../helpers/command.ts';
import { blocksOf, inLanguage, isServer, languages, readPage, root } from './pages.ts';
import { freePort, stop } from './reader.ts';

interface Newcomer {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the page says that `wechat-mp` is here. */
  readonly command: string;
  /** What the shell knows beside its path. */
  readonly prelude: string;
}

/** npm itself takes ten times as long to start as what npx starts. */
const npx = '#!/bin/sh\nPATH="$PWD/node_modules/.bin:$PATH" exec "$@"\n';

/** A clone with what `npm ci` would have brought, and a home with nothing in it. */
function createClone(): Newcomer {
  const place = temporaryFolder();
  const [folder, bin] = [path.join(place, 'wechat-mp'), path.join(place, 'bin')];
  for (const each of [folder, bin, path.join(place, 'home')]) mkdirSync(each);
  // What is run of it; the sources and their tests would be most of the work.
  for (const name of ['bin', 'menus', 'package.json']) {
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  cpSync(builtDist(), path.join(folder, 'dist'), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  // CI runs the lines that need a registry, or everything at once; `npm link` and the install are npm's own.
  const shim = `#!/bin/sh
case "$*" in
  ci | "run demo") exit 0 ;;
  "install --save-dev vitest express wechat")
    for name in vitest express wechat; do
      [ -e "node_modules/$name" ] || ln -s '${root}/node_modules/'"$name" "node_modules/$name"
    done
    [ -e node_modules/.bin/vitest ] || ln -s ../vitest/vitest.mjs node_modules/.bin/vitest ;;
  *) exec '${npm}' "$@" ;;
esac
`;
  writeFileSync(path.join(bin, 'npm'), shim);
  // Whoever has a project runs the test of the page, below.
  writeFileSync(path.join(bin, 'npx'), npx.replace('PATH', '[ "$1" = vitest ] || PATH'));
  // A browser that only notes what it was asked to open.
  for (const name of ['xdg-open', 'open']) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\necho "$1" > '${path.join(place, 'opened')}'\n`);
  }
  for (const name of readdirSync(bin)) chmodSync(path.join(bin, name), 0o755);
  const env = cleanEnvironment({
    HOME: path.join(place, 'home'),
    PATH: [bin, path.join(place, 'global/bin'), process.env['PATH']].join(':'),
    npm_config_prefix: path.join(place, 'global'),
    npm_config_offline: 'true',
    npm_config_ignore_scripts: 'true',
    npm_config_update_notifier: 'false',
  });
  return { folder, env, command: 'wechat-mp', prelude: '' };
}

function createProject(): Newcomer {
  const { folder: clone, env } = createClone();
  const place = path.dirname(clone);
  writeFileSync(path.join(place, 'bin/npx'), npx);
  const folder = path.join(place, 'project');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
  // What npx does.
  const prelude = 'wechat-mp() { PATH="$PWD/node_modules/.bin:$PATH" command wechat-mp "$@"; }';
  return { folder, env, command: 'npx wechat-mp', prelude };
}

/** Pastes every block, each server into a terminal of its own, and returns where the simulator listens. */
async function paste(page: string, newcomer: Newcomer, skips: string): Promise<string> {
  const { folder, env, prelude } = newcomer;
  const [simulatorPort, serverPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${simulatorPort}`;
  let appid = '';
  const fill = (text: string): string =>
    text
      .replaceAll('127.0.0.1:8080', `127.0.0.1:${serverPort}`)
      .replace('--port 8080', `--port ${serverPort}`)
      .replace('wechat-mp simulator --open', `wechat-mp simulator --port ${simulatorPort} --open`)
      .replaceAll('wx1234567890abcdef', appid);
  const open = (script: string, more: NodeJS.ProcessEnv = {}): ChildProcess => {
    const lines = ['set -e', prelude, fill(script)].join('\n');
    const child = spawn('bash', ['-c', lines], { cwd: folder, env: { ...env, ...more }, detached: true });
    child.stdin.end();
    onTestFinished(() => stop(child));
    return child;
  };
  /** What was exported in the terminal that is in use. */
  let exported = '';
  for (const { kind, mark, text, place } of blocksOf(page)) {
    const file = /^file: (.*)$/.exec(mark)?.[1];
    if (file !== undefined) writeFileSync(path.join(folder, file), text);
    else if (text.includes(skips)) continue;
    else if (isServer(text.trim())) {
      const child = open(text);
      child.stderr?.resume();
      expect(await firstLine(child), place).toMatch(/^(?:listening on|正在监听) http/);
      if (!text.includes('wechat-mp simulator')) continue;
      const response = await fetch(`${url}/_ctl/accounts?secrets=show`);
      const [account] = (await response.json()) as readonly { appid: string; secret: string }[];
      appid = account?.appid ?? '';
      writeFileSync(path.join(folder, 'secret.txt'), account?.secret ?? '', { mode: 0o600 });
    } else {
      expect(kind, place).toBe('sh');
      exported += (text.match(/^export .*\n/gm) ?? []).join('');
      // The real account of this reader is one of the simulator, in a terminal where nothing was exported.
      const isReal = text.includes('profile add');
      const child = isReal ? open(text, { WECHAT_MP_API_BASE: url }) : open(exported + text);
      const { code, stdout, stderr } = await ended(child);
      const said = code === 0 ? '' : `${stdout}${stderr}`;
      expect({ place, code, said }).toEqual({ place, code: 0, said: '' });
    }
  }
  return url;
}

describe('README.md, pasted from top to bottom', () => {
  test.each([
    ['a clone', createClone, 'npm install --save-dev ../'],
    ['a project', createProject, 'npm link'],
  ])(
    'works from %s: the page is there, and a message is answered',
    { timeout: 180_000 },
    async (...[, create, skips]) => {
      const newcomer = create();
      const url = await paste('README.md', newcomer, skips);
      expect(readFileSync(path.join(newcomer.folder, '../opened'), 'utf8')).toMatch(
        new RegExp(`^${url}/?\n$`),
      );
      const asked = `${newcomer.command} --version`;
      const { folder: cwd, env } = newcomer;
      const { stdout } = await ended(spawn('bash', ['-c', asked], { cwd, env }));
      expect(stdout).toBe(`${version}\n`);
      const page = await fetch(url);
      expect(page.headers.get('content-type')).toContain('text/html');
      const post = async (call: string, body: unknown): Promise<unknown> => {
        const response = await fetch(`${url}/_ctl/${call}`, { method: 'POST', body: JSON.stringify(body) });
        return await response.json();
      };
      await post('followers', { openid: 'oAlice' });
      const { messages } = (await post('phone/oAlice/send', { type: 'text', text: 'hello' })) as {
        readonly messages: readonly { readonly content: unknown }[];
      };
      expect(messages.at(-1)?.content).toEqual({ type: 'text', text: 'hello' });
    },
  );
});

describe.each(languages.map((language) => inLanguage('README.md', language)))('%s', (readme) => {
  test('is a front door: at most 160 lines, and one picture', () => {
    const text = readPage(readme);
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(160);
    expect(text.match(/^!\[/gm)).toHaveLength(1);
  });

  test('shows what the English one shows', () => {
    const shown = (page: string) =>
      blocksOf(page).map(({ kind, mark, text }) => [kind, mark, kind === 'sh' ? text : '']);
    expect(shown(readme)).toEqual(shown('README.md'));
  });

  test('names every command in its table and no other', () => {
    const rows = Array.from(readPage(readme).matchAll(/^\| ((?:`[a-z -]+` ?)+) +\|/gm), ([, cell = '']) =>
      Array.from(cell.matchAll(/`([a-z -]+)`/g), ([, name = '']) => name),
    );
    const known = allLeaves().map(({ words }) => words.join(' '));
    // A name in a row may be a verb of the group that stands before it.
    const named = rows.flatMap((names) => {
      let group = '';
      return names.map((name) => {
        const full = known.includes(`${group} ${name}`) ? `${group} ${name}` : name;
        group = full.split(' ')[0] ?? '';
        return full;
      });
    });
    expect(named.toSorted()).toEqual(known.toSorted());
  });
});

test('the test to paste passes, and fails where the server says something else', async () => {
  const { folder, env } = createProject();
  const modules = path.join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of ['vitest', 'express', 'wechat']) {
    symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name));
  }
  symlinkSync('../../wechat-mp', path.join(modules, 'wechat-mp-cli'));
  for (const language of languages) {
    const readme = inLanguage('README.md', language);
    const example = blocksOf(readme).find(({ kind }) => kind === 'js')?.text ?? '';
    writeFileSync(path.join(folder, `${language}-passes.test.js`), example);
    const other = example.replace(/\.reply\('.*?'\)/, ".reply('Go away')");
    writeFileSync(path.join(folder, `${language}-fails.test.js`), other);
  }
  const words = [
    path.join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter',
    'json',
    '--pool',
    'threads',
    '--no-isolate',
  ];
  const { stdout } = await ended(spawn(process.execPath, words, { cwd: folder, env }));
  const { testResults } = JSON.parse(stdout) as {
    readonly testResults: readonly { readonly name: string; readonly status: string }[];
  };
  expect(
    testResults.map(({ name, status }) => `${path.basename(name, '.test.js')}: ${status}`).toSorted(),
  ).toEqual(['en-fails: failed', 'en-passes: passed', 'zh-fails: failed', 'zh-passes: passed']);
});
