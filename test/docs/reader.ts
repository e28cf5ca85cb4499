/** Somebody who goes through a page from top to bottom with the package in a project, a simulator and a server. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { startServing } from '../e2e/serving.ts';
import {
  builtDist,
  cleanEnvironment,
  ended,
  firstLine,
  startSimulator,
  temporaryFolder,
  type Ended,
} from '../helpers/command.ts';
import { runHere, startHere } from '../helpers/in-process.ts';
import { isServer, root, type Block, type Language } from './pages.ts';
import { parseJob, pushesDuring, startPipeline, writeNewMenu } from './recipes.ts';

export interface Reader {
  /** Does what a block says. */
  follow(block: Block): Promise<void>;
}

/** A folder with the package and what the examples use beside it; `npx` finds what an install would have put there. */
export function createProject(): { readonly folder: string; readonly path: string } {
  const folder = temporaryFolder();
  const [bin, modules] = [path.join(folder, 'bin'), path.join(folder, 'node_modules')];
  const target = path.join(modules, 'wechat-mp-cli');
  const installed = path.join(modules, '.bin');
  for (const each of [bin, target, installed]) mkdirSync(each, { recursive: true });
  cpSync(path.join(root, 'package.json'), path.join(target, 'package.json'));
  for (const name of ['bin', 'menus'])
    cpSync(path.join(root, name), path.join(target, name), { recursive: true });
  cpSync(builtDist(), path.join(target, 'dist'), { recursive: true });
  for (const name of ['vitest', 'express', 'wechat']) {
    symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name));
  }
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  const programs = {
    'wechat-mp': `exec '${process.execPath}' '${path.join(target, 'bin/wechat-mp.js')}' "$@"`,
    // One process is enough for one test.
    vitest: `exec '${process.execPath}' '${path.join(root, 'node_modules/vitest/vitest.mjs')}' "$@" --pool threads --no-isolate`,
    npx: 'exec "$@"',
    // No browser opens on the machine that runs the tests.
    'xdg-open': 'exit 0',
    // What it would install is there.
    npm: '[ "$1" = ci ] || exit 1',
  };
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  symlinkSync(path.join(bin, 'wechat-mp'), path.join(installed, 'wechat-mp'));
  return { folder, path: `${bin}:${process.env['PATH']}` };
}

/**
 * A port that nothing listens on, for a program that is told its port. Below those that systems hand out by themselves:
 * no other test that asks for any port gets it in between.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

/** The words of a line that needs no shell and starts nothing: the tool can be asked in this process. */
export function plainWords(line: string): readonly string[] | undefined {
  if (!/^wechat-mp(?! simulator)(?: (?:[\w./:@=,-]+|'[^']*'))+$/.test(line)) return undefined;
  return Array.from(line.matchAll(/ (?:'([^']*)'|(\S+))/g), ([, quoted, word = '']) => quoted ?? word);
}

export async function startReader(language: Language): Promise<Reader> {
  const simulator = await startSimulator();
  await simulator.control('followers', { openid: 'oAlice', nickname: 'Alice' });
  // The developer's own server that some commands ask.
  const own = await startServing([], { env: simulator.env });
  const { folder, path: PATH } = createProject();
  writeFileSync(path.join(folder, 'secret.txt'), simulator.secret);
  writeFileSync(
    path.join(folder, 'server.js'),
    "require('node:child_process').spawn('wechat-mp', ['serve', '--port', process.env.PORT], { stdio: 'inherit' });",
  );
  const environment = cleanEnvironment({ ...simulator.env, PATH, WECHAT_MP_LANG: language });
  const port = await freePort();

  /** The example's account is the simulator's here, and free ports stand for the fixed ones. */
  const fill = (text: string, server = own.url): string =>
    text
      .replaceAll('wx1234567890abcdef', simulator.appid)
      .replaceAll('http://127.0.0.1:8090', simulator.url)
      .replaceAll('http://localhost:3000/wechat', server)
      .replaceAll(/127\.0\.0\.1:8080|--port 8080/g, (found) => found.replace('8080', String(port)));

  const shell = (script: string, env: NodeJS.ProcessEnv = environment): ChildProcess => {
    // Its own group, so that what it leaves running ends with the test.
    const child = spawn('bash', ['-c', script], { cwd: folder, env, detached: true });
    child.stdin.end();
    onTestFinished(() => stop(child));
    return child;
  };
  const run = async (script: string): Promise<Ended> => {
    const words = plainWords(script);
    if (words === undefined) return await ended(shell(script));
    return await runHere(words, { env: environment, cwd: folder });
  };

  let serving: ChildProcess | undefined;
  async function serve(line: string): Promise<void> {
    if (line.startsWith('wechat-mp relay ')) return await show(`${line} --port 0`.split(' ').slice(1));
    stop(serving);
    const isSimulator = line.includes('wechat-mp simulator');
    const words = line
      .replace(/ --port \d+/, '')
      .replace(/(?<=serve|simulator)/, ` --port ${isSimulator ? 0 : port}`);
    const child = shell(`exec ${words}`);
    child.stderr?.resume();
    expect(await firstLine(child), line).toMatch(/127\.0\.0\.1:\d+/);
    if (isSimulator) stop(child);
    else serving = child;
  }

  /** Starts a server in this process, until it says where it listens. */
  async function show(words: readonly string[]): Promise<void> {
    let said = '';
    const running = startHere(words, { env: environment, cwd: folder }, (text) => {
      said += text;
      running.stop();
    });
    await running.ended;
    expect(said, words.join(' ')).toMatch(/127\.0\.0\.1:\d+/);
  }

  async function type(block: Block): Promise<void> {
    for (const line of block.text.trim().split('\n')) {
      // `test/simulator/documentation.test.ts` has what these need.
      if (block.place.startsWith('src/simulator/') && line.startsWith('curl')) continue;
      const words = fill(line);
      if (isServer(line)) {
        await serve(words);
        continue;
      }
      const { code, stdout, stderr } = await run(words);
      if (block.mark === 'fails') {
        expect([line, code]).not.toEqual([line, 0]);
        continue;
      }
      const said = code === 0 ? '' : `${stdout}${stderr}`;
      expect({ place: block.place, line, code, said }).toEqual({
        place: block.place,
        line,
        code: 0,
        said: '',
      });
      expect(`${stdout}${stderr}`, line).not.toBe('');
    }
  }

  /** Each line after `$ ` says exactly what stands below it. */
  async function compare(block: Block): Promise<void> {
    const parts = block.text.split(/^\$ /m).slice(1);
    expect(parts.length, block.place).toBeGreaterThan(0);
    for (const part of parts) {
      const [line = ''] = part.split('\n');
      const { stdout } = await run(fill(line));
      expect(`${line}\n${stdout}`, block.place).toBe(part);
    }
  }

  async function runWorkflow(block: Block): Promise<void> {
    const address = `http://localhost:${await freePort()}/wechat`;
    const text = fill(block.text, address);
    const values = await startPipeline(text, simulator, path.join(folder, 'relay-keys'));
    const { env, steps } = parseJob(text, values);
    const [variables, summary] = [path.join(folder, 'github-env'), path.join(folder, 'github-summary')];
    writeFileSync(variables, '');
    // What the machine itself has; the rest is the job's.
    const { NODE_EXTRA_CA_CERTS, WECHAT_MP_API_BASE } = values;
    const machine = cleanEnvironment({
      HOME: simulator.env['HOME'],
      WECHAT_MP_LANG: language,
      NODE_EXTRA_CA_CERTS,
      WECHAT_MP_API_BASE,
      PATH,
    });
    for (const step of steps) {
      const added = readFileSync(variables, 'utf8').trim().split('\n');
      const [, lint] = /^node_modules\/\.bin\/wechat-mp (menu lint(?: [\w.-]+)+)$/.exec(step) ?? [];
      if (lint !== undefined) {
        // Needs nothing of the job's.
        expect(await runHere(lint.split(' '), { env: machine, cwd: folder })).toMatchObject({ code: 0 });
        continue;
      }
      const child = shell(`set -e\n${step}`, {
        ...machine,
        ...env,
        ...Object.fromEntries(added.map((line) => line.split(/=(.*)/s))),
        CI: 'true',
        GITHUB_ENV: variables,
        GITHUB_STEP_SUMMARY: summary,
        PORT: new URL(address).port,
      });
      child.stdout?.resume();
      let said = '';
      child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
      // Its streams stay open as long as a server that it has left running.
      const code = await new Promise((resolve) => child.once('exit', resolve));
      expect({ step, code, said: code === 0 ? '' : said }).toEqual({ step, code: 0, said: '' });
    }
  }

  /** The program of a unit of systemd, with the files that it is given. */
  async function startUnit({ text, place }: Block): Promise<void> {
    const [, line] = /^ExecStart=\S*\/(wechat-mp .*)$/m.exec(text) ?? [];
    if (line === undefined) return expect.fail(`${place} starts nothing`);
    await serve(fill(line.replace('%d/secret', 'secret.txt').replace('%d/keys', 'relay-keys')));
  }

  return {
    async follow(block) {
      if (block.mark === 'needs a real account') return;
      const file = /^file: (?<name>[\w.-]+)$/.exec(block.mark)?.groups?.['name'];
      if (file !== undefined) writeFileSync(path.join(folder, file), fill(block.text));
      else if (block.kind === 'sh') await type(block);
      else if (block.kind === 'console') await compare(block);
      else if (block.mark === 'to look at') expect(block.text).not.toMatch(/.{101}/);
      else if (block.mark === 'unit') await startUnit(block);
      else if (block.mark === 'workflow') {
        if (!block.text.includes('menu push')) return await runWorkflow(block);
        writeNewMenu(folder);
        expect(await pushesDuring(simulator, () => runWorkflow(block)), block.place).toBe(1);
      } else if (block.mark === 'browser') {
        const { status } = await fetch(fill(block.text.trim()).replaceAll('APPID', simulator.appid));
        expect(status, block.place).toBe(200);
      } else expect.fail(`${block.place}: nobody can follow a block of "${block.kind}" without a mark`);
    },
  };
}

export function stop(child: ChildProcess | undefined): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended, and nothing of it is left.
  }
}
