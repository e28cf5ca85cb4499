/** The guide for coding agents: short, and every command line of it does what it says. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { formatGuide } from '../../../../src/cli/shared/agents/guide.ts';
import { freePort, plainWords } from '../../../docs/reader.ts';
import {
  builtFile,
  cleanEnvironment,
  ended,
  firstLine,
  run,
  start,
  startSimulator,
  temporaryFolder,
} from '../../../helpers/command.ts';
import { fakeWorld } from '../../../helpers/fake-io.ts';
import { runHere } from '../../../helpers/in-process.ts';

/** What stands in its lists behind a wish; no line of them is anything else. */
const commandsOf = (guide: string): readonly string[] =>
  Array.from(guide.matchAll(/^- .*?(?:: |：)`([^`]+)`$/gm), ([, line = '']) => line);

describe('the guide', () => {
  test('has fewer than 500 words', () => {
    expect(formatGuide('en').split(/\s+/).length).toBeLessThan(500);
    // A Chinese word has nearly two characters.
    const chinese = formatGuide('zh');
    const characters = chinese.match(/\p{Script=Han}/gu)?.length ?? 0;
    const others = chinese.replaceAll(/\p{Script=Han}/gu, ' ').match(/[^\s：，。；、`"（）]+/g)?.length ?? 0;
    expect(characters / 2 + others).toBeLessThan(500);
  });

  test('names the same commands in both languages, and itself in its head', () => {
    const commands = commandsOf(formatGuide('en'));
    expect(commands.length).toBeGreaterThan(15);
    expect(commandsOf(formatGuide('zh'))).toEqual(commands);
    for (const language of ['en', 'zh'] as const)
      expect(formatGuide(language)).toMatch(/^---\nname: wechat-mp\ndescription: "[^"\n]+"\n---\n/);
  });

  test(
    'has command lines that all run, in an empty folder with a simulator',
    { timeout: 90_000 },
    async () => {
      const simulator = await startSimulator();
      const folder = temporaryFolder();
      const env = cleanEnvironment({
        HOME: simulator.env['HOME'],
        PATH: `${path.join(folder, 'bin')}:${process.env['PATH']}`,
        URL: simulator.url,
      });
      mkdirSync(path.join(folder, 'bin'));
      const command = path.join(folder, 'bin/wechat-mp');
      writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${builtFile()}' "$@"\n`);
      chmodSync(command, 0o755);
      writeFileSync(path.join(folder, 'package.json'), '{"scripts":{"test":"wechat-mp token > /dev/null"}}');
      writeFileSync(path.join(folder, 'codes.csv'), 'scene,name\n1,one\n2,two\n');
      writeFileSync(
        path.join(folder, 'ticket.txt'),
        'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl\n',
      );
      await simulator.control('followers', { openid: 'OPENID' });
      const serving = start(['serve', '--port', '0', '--profile', 'simulator'], { env, cwd: folder });
      onTestFinished(() => void serving.kill());
      const [, server = ''] = /(http:\S+)/.exec(await firstLine(serving)) ?? [];
      const envelope = await run(['crypto', 'encrypt', '--profile', 'simulator'], {
        env,
        cwd: folder,
        input: '<xml><MsgType><![CDATA[text]]></MsgType></xml>',
      });
      writeFileSync(path.join(folder, 'message.xml'), envelope.stdout);
      for (const line of commandsOf(formatGuide('en'))) {
        const words = line
          .replaceAll('http://127.0.0.1:8080/wechat', server)
          .replace(/^wechat-mp simulator (?=.*--json)/, `wechat-mp simulator --port ${await freePort()} `);
        const plain = plainWords(words);
        const spawned = (): ChildProcess => {
          const child = spawn('bash', ['-c', words], { cwd: folder, env, detached: true });
          child.stdin.end();
          return child;
        };
        if (words.includes('simulator --port')) {
          const child = spawned();
          const ready = JSON.parse(await firstLine(child)) as { readonly url: string };
          expect(ready).toMatchObject({ type: 'ready' });
          if (words.includes('--scenario')) {
            const ask = async (call: string) => (await fetch(`${ready.url}/_ctl/${call}`)).json();
            expect(await ask('followers')).toHaveLength(20);
            expect(await ask('settings')).toMatchObject({ account_type: 'personal' });
          }
          process.kill(-(child.pid ?? 0), 'SIGKILL');
          continue;
        }
        const { code, stdout, stderr } =
          plain === undefined ? await ended(spawned()) : await runHere(plain, { env, cwd: folder });
        // Made-up signatures are wrong, and that is the answer.
        const expected = /SIGNATURE|signature=S/.test(line) ? 1 : 0;
        expect({ line, code, stderr: code === expected ? '' : stderr }).toEqual({
          line,
          code: expected,
          stderr: '',
        });
        if (line.startsWith('curl')) expect(JSON.parse(stdout)).not.toHaveProperty('error');
        if (line.includes('/send')) expect(JSON.parse(stdout)).toMatchObject({ outcome: 'done' });
        if (line.includes('/chats/'))
          expect(JSON.parse(stdout)).toMatchObject({
            messages: [{ from: 'person', content: { text: 'hi' } }],
          });
        if (line.endsWith('/_ctl'))
          expect(JSON.parse(stdout).calls).toContain('POST /_ctl/phone/:openid/send');
        if (line.includes('--json')) for (const each of stdout.trim().split('\n')) JSON.parse(each);
      }
    },
  );
});

describe('skill', () => {
  test('print prints it, and install puts it where agents look', async () => {
    const world = fakeWorld();
    expect((await world.run('skill', 'print', '--lang', 'zh')).stdout).toBe(formatGuide('zh'));
    expect(JSON.parse((await world.run('skill', 'print', '--json')).stdout)).toEqual({
      text: formatGuide('en'),
    });
    for (const [words, file] of [
      [[], '.agents/skills/wechat-mp/SKILL.md'],
      [['--dir', 'tools'], 'tools/wechat-mp/SKILL.md'],
    ] as const) {
      expect(await world.run('skill', 'install', ...words)).toEqual({
        code: 0,
        stdout: `${file}\n`,
        stderr: '',
      });
      expect(world.files.contents.get(`/desk/${file}`)?.toString()).toBe(formatGuide('en'));
    }
  });

  test('install renews its own file, and replaces a changed one with --force alone', async () => {
    const world = fakeWorld();
    const file = '.agents/skills/wechat-mp/SKILL.md';
    await world.run('skill', 'install', '--lang', 'zh');
    expect((await world.run('skill', 'install')).code).toBe(0);
    world.files.append(file, 'mine\n');
    expect(await world.run('skill', 'install')).toMatchObject({ code: 2, stdout: '' });
    expect((await world.run('skill', 'install', '--force')).code).toBe(0);
    expect(world.files.contents.get(`/desk/${file}`)?.toString()).toBe(formatGuide('en'));
  });
});
