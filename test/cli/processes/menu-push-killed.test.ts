import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ended, start, startSimulator, temporaryFolder } from '../../helpers/command.ts';
import { runHere } from '../../helpers/in-process.ts';
import { forPlatform, forTag, menuText } from '../../helpers/menu-world.ts';

interface Conditional {
  readonly matchrule: Readonly<Record<string, unknown>>;
}

// `after`: the platform has done the step, and the tool is killed while it waits for the answer.
test.each([
  ['menu/create', false],
  ['menu/create', true],
  ['menu/addconditional', true],
  ['menu/delconditional', true],
])('menu push killed with SIGKILL at %s (done: %s) ends well when it is run again', async (call, isDone) => {
  const simulator = await startSimulator();
  const cwd = temporaryFolder();
  const options = { env: simulator.env, cwd };
  const words = ['menu', 'push', '--prune', '--yes'];
  writeFileSync(path.join(cwd, 'menu.json'), menuText('d', forTag(1, 'x'), forPlatform(1, 'y')));
  expect((await runHere(words, options)).code).toBe(0);
  writeFileSync(path.join(cwd, 'menu.json'), menuText('e', forTag(1, 'z'), forPlatform(1, 'y')));
  await simulator.control('faults', { path: `/cgi-bin/${call}`, delay: '60s', after: isDone });

  const child = start(words, options);
  const gone = ended(child);
  // The fault is used up when the call has arrived.
  while (((await simulator.control('faults')) as readonly unknown[]).length > 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.kill('SIGKILL');
  expect((await gone).signal).toBe('SIGKILL');

  expect(await runHere(words, options)).toMatchObject({ code: 0 });
  const { default: menu, conditional } = (await simulator.control('menu')) as {
    default: readonly { readonly key: string }[];
    conditional: readonly Conditional[];
  };
  expect(menu.map(({ key }) => key)).toEqual(['e']);
  expect(conditional.map(({ matchrule }) => matchrule)).toEqual([
    { group_id: 1 },
    { client_platform_type: 1 },
  ]);
  expect(await runHere(['menu', 'diff', '-q'], options)).toMatchObject({ code: 0 });

  const folder = path.join(simulator.env['HOME'] ?? '', '.local/state/wechat-mp/menu-backups');
  const backups = readdirSync(folder).toSorted();
  expect(backups.map((name) => statSync(path.join(folder, name)).mode & 0o777)).toEqual(
    backups.map(() => 0o600),
  );
  const [oldest = ''] = backups;
  expect(JSON.parse(readFileSync(path.join(folder, oldest), 'utf8'))).toMatchObject({
    button: [{ key: 'd' }],
    conditional: [{ matchrule: { tag_id: '1' } }, { matchrule: { client_platform_type: '1' } }],
  });
});

test('menu push --backup writes a file that only its owner can read, whatever the umask', async () => {
  const simulator = await startSimulator();
  const cwd = temporaryFolder();
  const options = { env: simulator.env, cwd };
  for (const key of ['d', 'e']) {
    writeFileSync(path.join(cwd, 'menu.json'), menuText(key));
    expect(await runHere(['menu', 'push', '--yes', '--backup', 'old.json'], options)).toMatchObject({
      code: 0,
    });
  }
  expect(statSync(path.join(cwd, 'old.json')).mode & 0o777).toBe(0o600);
});
