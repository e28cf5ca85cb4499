import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../../../src/core/errors.ts';
import { networkError } from '../../../helpers/fake-fetch.ts';
import { rounds } from '../../../helpers/rounds.ts';
import {
  forPlatform,
  forTag,
  menuText,
  menuWorld,
  type Meddle,
  type MenuWorld,
} from '../../../helpers/menu-world.ts';
import { menus } from '../../../helpers/menus.ts';

const before = menuText('d', forTag(1, 'x'), forPlatform(1, 'y'), forTag(3, 'gone'));
const after = menuText('e', forTag(2, 'x'), forTag(1, 'z'), forPlatform(1, 'y'));
const files = { 'menu.json': after };
const wanted = ['e', '{"group_id":2} x', '{"group_id":1} z', '{"client_platform_type":1} y'];
/** What a push does that nothing stops. */
const allWrites = [
  'create',
  'addconditional {"tag_id":"2"}',
  'addconditional {"tag_id":"1"}',
  'addconditional {"client_platform_type":"1"}',
  'delconditional',
  'delconditional',
  'delconditional',
];

async function started(meddle: Meddle): Promise<MenuWorld> {
  const first = menuWorld({ files: { 'menu.json': before } });
  expect((await first.run('menu', 'push', '--yes')).code).toBe(0);
  return menuWorld({ simulator: first.simulator, files, meddle, timePasses: true });
}

const push = ['menu', 'push', '--prune', '--yes'];
const backups = (world: MenuWorld) =>
  [...world.files.contents]
    .filter(([name]) => name.includes('menu-backups'))
    .map(([, data]) => data.toString());
const errorOf = (stderr: string) =>
  (JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: Record<string, unknown> }).error;

/** Runs the push again in a new process, and looks whether all is well. */
async function finish(stopped: MenuWorld): Promise<readonly string[]> {
  const again = menuWorld({ simulator: stopped.simulator, files });
  const run = await again.run(...push);
  expect([run.code, await again.live()]).toEqual([0, wanted]);
  expect((await again.run('menu', 'push', '--json')).stdout).toContain('"changed":false');
  return again.writes;
}

const adds = (writes: readonly string[]) => writes.filter((write) => write.startsWith('add'));

describe('menu push that ends between its steps', () => {
  test('does this where nothing stops it', async () => {
    const world = await started((_name, _count, send) => send());
    expect((await world.run(...push)).code).toBe(0);
    expect([world.writes, await world.live()]).toEqual([allWrites, wanted]);
  });

  const kills = allWrites.flatMap((write, index) =>
    (['before', 'after'] as const).map((when) => [index + 1, when, write] as const),
  );

  test.each(kills)(
    'killed at write %i, %s "%s": run again, all is there and nothing twice',
    async (at, when) => {
      const world = await started(async (_name, count, send) => {
        if (count === at && when === 'after') await send();
        if (count === at) throw new Error('killed');
        return await send();
      });
      expect((await world.run(...push)).code).toBe(70);
      expect(world.writes).toEqual(allWrites.slice(0, at));
      const [backup = ''] = backups(world);
      const arrived = when === 'after' ? world.writes : world.writes.slice(0, -1);
      const more = await finish(world);
      expect([...adds(arrived), ...adds(more)]).toEqual(adds(allWrites));
      expect(more.includes('create')).toBe(!arrived.includes('create'));
      // What was saved first brings the old state back.
      const undo = menuWorld({ simulator: world.simulator, files: { 'menu.json': backup } });
      expect((await undo.run(...push)).code).toBe(0);
      expect((await undo.live()).toSorted()).toEqual(
        ['d', '{"group_id":1} x', '{"client_platform_type":1} y', '{"group_id":3} gone'].toSorted(),
      );
    },
  );

  test.each(kills)('interrupted at write %i, %s "%s": exit 130, and says what was done', async (at, when) => {
    const reason = new WechatMpError({
      family: 'interrupted',
      type: 'interrupted',
      text: { en: 'Stopped', zh: '已停止' },
    });
    const world = await started(async (_name, count, send) => {
      if (count === at && when === 'after') await send();
      if (count === at) throw reason;
      return await send();
    });
    const run = await world.run(...push, '--json');
    const { steps } = errorOf(run.stderr) as { steps: { step: string; status: string }[] };
    const writes = steps.filter(({ step }) => !['backup', 'look', 'verify'].includes(step));
    expect([run.code, writes.map(({ status }) => status)]).toEqual([
      130,
      allWrites.map((_, index) => (index + 1 < at ? 'done' : index + 1 === at ? 'unknown' : 'not_done')),
    ]);
    await finish(world);
  });
});

describe('menu push whose answer is lost', () => {
  const lost =
    (at: number, times = 1): Meddle =>
    async (_name, count, send) => {
      const answer = await send();
      if (count >= at && count < at + times) throw networkError('reset', true);
      return answer;
    };

  /** What was sent, but never arrived. */
  const dropped =
    (at: number, times = 1): Meddle =>
    async (_name, count, send) => {
      if (count >= at && count < at + times) throw networkError('reset', true);
      return await send();
    };
  const note =
    'The answer was unclear (Cannot reach the server: reset; the change may or may not have happened), ' +
    'but reading back shows that it is done\n';

  test.each(allWrites.map((write, index) => [index + 1, write] as const))(
    'does not repeat write %i, "%s", that reading back shows',
    async (at) => {
      const world = await started(lost(at));
      const run = await world.run(...push);
      expect([run.code, world.writes, await world.live()]).toEqual([0, allWrites, wanted]);
      expect(run.stderr).toContain(note);
    },
  );

  test('sends menu/create once more where reading back does not show it, and no third time', async () => {
    const once = await started(dropped(1));
    expect((await once.run(...push)).code).toBe(0);
    expect([once.writes, await once.live()]).toEqual([['create', ...allWrites], wanted]);
    const twice = await started(dropped(1, 2));
    const run = await twice.run(...push);
    expect([run.code, run.stdout, twice.writes]).toEqual([5, '', ['create', 'create']]);
    expect(run.stderr).toContain('  Reading back does not show it; it may still arrive\n');
    expect(run.stderr).toContain('  ? unknown:  Sending the menu\n');
  });

  test('takes no menu for created that was there behind one of the web console', async () => {
    const first = menuWorld({ files: { 'menu.json': menuText('k') } });
    expect((await first.run('menu', 'push', '--yes')).code).toBe(0);
    const shown = { button: [{ type: 'text', name: '问候', value: '你好' }] };
    await first.elsewhere('/_ctl/menu', { is_menu_open: 1, selfmenu_info: shown });
    const world = menuWorld({
      simulator: first.simulator,
      files: { 'menu.json': menuText('k') },
      meddle: dropped(1, 9),
    });
    const run = await world.run('menu', 'push', '--yes');
    expect([run.code, run.stdout, world.writes]).toEqual([5, '', ['create', 'create']]);
  });

  test.each(allWrites.map((write, index) => [index + 1, write] as const))(
    'with --no-verify is exit 5 at write %i, "%s", even where it is done',
    async (at) => {
      for (const meddle of [lost(at), dropped(at)]) {
        const world = await started(meddle);
        const run = await world.run(...push, '--no-verify', '--json');
        expect([run.code, run.stdout, world.writes]).toEqual([5, '', allWrites.slice(0, at)]);
        expect(errorOf(run.stderr)).toMatchObject({ type: 'reset', outcome: 'unknown', retryable: false });
      }
    },
  );

  test('never repeats an addconditional of unknown outcome', async () => {
    const world = await started(dropped(2));
    const run = await world.run(...push);
    expect([run.code, run.stdout, adds(world.writes)]).toEqual([5, '', [allWrites[1]]]);
    const lines = run.stderr.slice(run.stderr.indexOf('✗')).split('\n');
    expect(lines.map((line) => line.replace(/\d{6,}/, '7'))).toEqual([
      '✗ Cannot reach the server: reset; the change may or may not have happened',
      '  Reading back does not show it; it may still arrive',
      '  ✓ done:     Saving what is live',
      '  ✓ done:     Sending the menu',
      '  ✓ done:     Looking for the conditional menus',
      '  ? unknown:  Adding the conditional menu for tag 2',
      '  – not done: Adding the conditional menu for tag 1',
      '  – not done: Adding the conditional menu for iOS',
      '  – not done: Deleting the conditional menu for tag 1 (menuid 7)',
      '  – not done: Deleting the conditional menu for iOS (menuid 7)',
      '  – not done: Deleting the conditional menu for tag 3 (menuid 7)',
      '  – not done: Reading the menu back',
      '  Wait a moment before you run it again; it looks first, and what has arrived is not added twice',
      '  Fix: See whether it was added: wechat-mp menu diff menu.json',
      expect.stringMatching(/^ {2}More: wechat-mp explain /),
      '',
    ]);
    expect(adds(await finish(world))).toEqual(adds(allWrites));
  });

  test('is unknown in JSON as well', async () => {
    const world = await started(dropped(2));
    const error = errorOf((await world.run(...push, '--json')).stderr);
    expect(error).toMatchObject({ code: 5, type: 'reset', outcome: 'unknown', retryable: false });
    expect((error['steps'] as { status: string }[]).map(({ status }) => status)).toEqual([
      'done',
      'done',
      'done',
      'unknown',
      ...Array.from({ length: 6 }, () => 'not_done'),
    ]);
  });

  test('says which step the platform refused, and what was done', async () => {
    const shared = await started((_name, _count, send) => send());
    const fault = { path: '/cgi-bin/menu/addconditional', errcode: 65316, skip: 1 };
    await shared.elsewhere('/_ctl/faults', fault);
    const run = await shared.run(...push, '--lang', 'zh');
    expect(run.code).toBe(4);
    expect(run.stderr).toContain(
      '  ✓ 已完成： 添加个性化菜单：标签 2\n  ✗ 失败：   添加个性化菜单：标签 1\n',
    );
    expect(run.stderr).toContain('  可以放心重新运行同一命令：已完成的步骤不会重复执行\n');
    await finish(shared);
  });

  test('tells no steps where nothing was changed', async () => {
    const world = menuWorld({ files });
    await world.fault({ path: '/cgi-bin/menu/create', errcode: 40018 });
    const run = await world.run(...push);
    expect(run.code).toBe(4);
    expect(run.stderr).not.toContain('not done');
  });

  test('reads back, and says where something else is there now', async () => {
    const first = await started((_name, _count, send) => send());
    const world = menuWorld({
      simulator: first.simulator,
      files,
      meddle: async (name, count, send) => {
        const answer = await send();
        if (name === 'delconditional' && count === allWrites.length)
          await first.elsewhere('/cgi-bin/menu/addconditional', forTag(9, 'theirs'));
        return answer;
      },
    });
    const run = await world.run(...push);
    expect([run.code, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toContain('✗ WeChat took the menu, but what it answers now is different\n');
  });
});

describe('menu pull and push', () => {
  const rules = fc.constantFrom(
    { tag_id: '1' },
    { tag_id: '2' },
    { client_platform_type: '1' },
    { client_platform_type: '2', tag_id: '1' },
  );
  const conditional = fc.tuple(menus, rules).map(([{ button }, matchrule]) => ({ button, matchrule }));
  const generated = fc.tuple(menus, fc.array(conditional, { maxLength: 4 }));

  test('give the same menu there and back, of every shape', async () => {
    await fc.assert(
      fc.asyncProperty(generated, async ([menu, list]) => {
        const file = { ...menu, ...(list.length > 0 && { conditional: list }) };
        const world = menuWorld({ files: { 'menu.json': JSON.stringify(file) } });
        expect((await world.run('menu', 'push', '--yes', '-q')).code).toBe(0);
        expect((await world.run('menu', 'pull', '--out', 'got.json')).code).toBe(0);
        expect(JSON.parse(world.files.contents.get('/desk/got.json')?.toString() ?? '')).toEqual(file);
        const writes = world.writes.length;
        const again = await world.run('menu', 'push', 'got.json', '--dry-run', '--prune', '--json');
        expect(JSON.parse(again.stdout)).toMatchObject({ changed: false, changes: [], conditional: [] });
        expect((await world.run('menu', 'push', 'got.json', '--prune')).code).toBe(0);
        expect((await world.run('menu', 'diff', 'got.json')).code).toBe(0);
        expect(world.writes).toHaveLength(writes);
      }),
      { numRuns: rounds(25, 250) },
    );
  });
});
