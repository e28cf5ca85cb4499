/** Real shells with their real line editors: what stands in the line after a Tab. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { needs } from '../../e2e/project.ts';
import { builtFile, cleanEnvironment, run, temporaryFolder } from '../../helpers/command.ts';

interface Desk {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A folder with two files and a profile, and the command on the path. */
async function createDesk(shell: string): Promise<Desk> {
  const folder = temporaryFolder();
  for (const name of ['bin', 'codes', 'settings']) mkdirSync(path.join(folder, name));
  writeFileSync(path.join(folder, 'menu.json'), '{}');
  writeFileSync(path.join(folder, 'my menu.json'), '{}');
  writeFileSync(
    path.join(folder, 'settings/config.json'),
    '{"profiles":{"shop":{"appid":"wx0123456789abcdef"},"test":{}}}',
  );
  const command = path.join(folder, 'bin/wechat-mp');
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${builtFile()}' "$@"\n`);
  chmodSync(command, 0o755);
  const env = cleanEnvironment({
    HOME: folder,
    PATH: `${path.join(folder, 'bin')}:${process.env['PATH']}`,
    WECHAT_MP_CONFIG_DIR: path.join(folder, 'settings'),
    LANG: 'C.UTF-8',
    TERM: 'xterm',
  });
  const { stdout } = await run(['completion', shell]);
  writeFileSync(path.join(folder, `completion.${shell}`), stdout);
  return { folder, env };
}

function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

const key = { tab: '\t', show: '\x07' };

/** Each shell prints `READY` when it edits, and on Ctrl-G the line as it stands, which it then empties. */
const setUps = {
  bash: {
    files: {
      rc: `PS1= PROMPT_COMMAND='printf "READY\\n"'
source completion.bash
show() { printf '<<%s>>\\n' "$READLINE_LINE"; READLINE_LINE=; }
bind -x '"\\C-g": show'
bind 'set bell-style none'`,
    },
    command: 'bash --rcfile rc -i',
  },
  zsh: {
    files: {
      '.zshrc': `PS1=
autoload -Uz compinit && compinit -D
source <(wechat-mp completion zsh)
show() { printf '<<%s>>\\n' "$BUFFER" > $TTY; BUFFER=; }
ready() { printf 'READY\\n' > $TTY; }
zle -N show; zle -N zle-line-init ready
bindkey '^G' show
unsetopt beep`,
    },
    command: 'ZDOTDIR=$PWD zsh -d -i',
  },
} as const;

/** Types each line and a Tab into a shell on a terminal, and hands back what the lines have become. */
async function typeInto(shell: keyof typeof setUps, lines: readonly string[]): Promise<readonly string[]> {
  const { folder, env } = await createDesk(shell);
  const { files, command } = setUps[shell];
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: folder, env, stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  const output = child.stdout.setEncoding('utf8')[Symbol.asyncIterator]();
  const waitFor = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(said);
      if (found !== null) {
        said = said.slice(found.index + found[0].length);
        return found[1] ?? '';
      }
      const { done, value } = await output.next();
      if (done === true) throw new Error(`the shell ended: ${said}`);
      said += String(value);
    }
  };
  await waitFor(/READY/);
  const become: string[] = [];
  for (const line of lines) {
    child.stdin.write(`${line}${key.tab}${key.show}`);
    become.push(await waitFor(/<<(.*?)>>/));
  }
  return become;
}

const table: readonly (readonly [typed: string, becomes: string])[] = [
  ['wechat-mp comple', 'wechat-mp completion '],
  ['wechat-mp menu pu', 'wechat-mp menu pu'],
  ['wechat-mp menu pus', 'wechat-mp menu push '],
  ['wechat-mp menu push --expect', 'wechat-mp menu push --expect-remote '],
  ['wechat-mp menu push men', 'wechat-mp menu push menu.json '],
  ['wechat-mp menu push my', 'wechat-mp menu push my\\ menu.json '],
  ['wechat-mp token --format gi', 'wechat-mp token --format github '],
  ['wechat-mp token --format=gi', 'wechat-mp token --format=github '],
  ['wechat-mp --profile sh', 'wechat-mp --profile shop '],
  ['wechat-mp profile use te', 'wechat-mp profile use test '],
  ['wechat-mp --lang z', 'wechat-mp --lang zh '],
  ['wechat-mp trigger menu_cl', 'wechat-mp trigger menu_click '],
  [
    'wechat-mp trigger text --to http://127.0.0.1:80/a --tam',
    'wechat-mp trigger text --to http://127.0.0.1:80/a --tamper ',
  ],
  ['wechat-mp qr batch menu.json --out-dir co', 'wechat-mp qr batch menu.json --out-dir codes/'],
  ['wechat-mp simulator -- cat men', 'wechat-mp simulator -- cat menu.json '],
  ['wechat-mp nothing men', 'wechat-mp nothing men'],
  ['echo a; wechat-mp comple', 'echo a; wechat-mp completion '],
];

describe.each(['bash', 'zsh'] as const)('%s', (shell) => {
  test(
    'completes commands, flags, values, profiles, types and files',
    { timeout: 60_000 },
    async (context) => {
      needs(context, has(shell) && has('script'), `${shell} and script are needed`);
      const become = await typeInto(
        shell,
        table.map(([typed]) => typed),
      );
      expect(become).toEqual(table.map(([, becomes]) => becomes));
    },
  );
});

describe('fish', () => {
  test('completes the same, each with what it means', { timeout: 60_000 }, async (context) => {
    needs(context, has('fish'), 'fish is needed');
    const { folder, env } = await createDesk('fish');
    const offered = (line: string): readonly string[] => {
      const script = `source completion.fish; complete -C '${line}'`;
      const { stdout } = spawnSync('fish', ['--no-config', '-c', script], {
        cwd: folder,
        env,
        encoding: 'utf8',
      });
      return stdout.split('\n').filter((each) => each !== '');
    };
    expect(offered('wechat-mp menu pu')).toEqual([
      'push\tCheck a menu file and make it the menu',
      'pull\tFetch the menu as a file',
    ]);
    expect(offered('wechat-mp menu push men')).toEqual(['menu.json']);
    expect(offered('wechat-mp token --format=gi')).toEqual(['--format=github']);
    expect(offered('wechat-mp --profile ')).toEqual([
      'shop\twx0123456789abcdef',
      'test',
      'simulator\tThe one that runs here',
    ]);
    expect(offered('wechat-mp trigger menu_cl')).toEqual(['menu_click\tMenu: click']);
    expect(offered('wechat-mp qr batch menu.json --out-dir co')).toEqual(['codes/']);
    expect(offered('wechat-mp simulator -- cat men')).toEqual(['menu.json']);
    expect(offered('wechat-mp nothing men')).toEqual([]);
  });
});
