import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createRunFolder, sweepRunFolders } from '../../../src/io/intercept/folder.ts';
import type { Processes } from '../../../src/io/files/process-identity.ts';
import { temporaryFolder } from '../../helpers/command.ts';

/** Processes of one machine, of which these run. */
function processes(pid: number, running: readonly number[], domain: string | undefined = 'here'): Processes {
  return {
    self: () => ({ host: 'h', domain, pid, startTicks: `${pid}0` }),
    isAlive: (number, ticks) => running.includes(number) && ticks === `${number}0`,
  };
}

test('a folder is private with all that is in it, and goes when the run ends', () => {
  const parent = temporaryFolder();
  const folder = createRunFolder(parent, processes(1, [1]));
  folder.write('php/a.ini', 'x');
  expect(statSync(folder.path).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(folder.path, 'php')).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(folder.path, 'php/a.ini')).mode & 0o777).toBe(0o600);
  folder.remove();
  expect(readdirSync(parent)).toEqual([]);
});

test('the next start removes what a killed one left, and no other', () => {
  const parent = temporaryFolder();
  const [dead, alive] = [1, 2].map((pid) => createRunFolder(parent, processes(pid, [])));
  const elsewhere = createRunFolder(parent, processes(1, [], 'another container'));
  const [unfinished, foreign, link] = ['a', 'b', 'c'].map((end) =>
    path.join(parent, `wechat-mp-intercept-${end}`),
  );
  for (const each of [unfinished, foreign]) mkdirSync(each ?? '');
  writeFileSync(path.join(foreign ?? '', 'owner.json'), '{"domain":"here","pid":"1"}');
  symlinkSync(dead?.path ?? '', link ?? '');
  expect(sweepRunFolders(parent, processes(3, [2, 3]))).toEqual([dead?.path]);
  expect([dead, alive, elsewhere].map((folder) => existsSync(folder?.path ?? ''))).toEqual([
    false,
    true,
    true,
  ]);
  expect([unfinished, foreign].map((folder) => existsSync(folder ?? ''))).toEqual([true, true]);
  for (const folder of [alive, elsewhere]) folder?.remove();
});

test('where processes cannot be told apart nothing is removed', () => {
  const parent = temporaryFolder();
  const folder = createRunFolder(parent, processes(1, []));
  const unknown: Processes = {
    self: () => ({ host: 'h', domain: undefined, pid: 2, startTicks: undefined }),
    isAlive: () => false,
  };
  expect(sweepRunFolders(parent, unknown)).toEqual([]);
  expect(existsSync(folder.path)).toBe(true);
  folder.remove();
});
