import { expect, test } from 'vitest';
import { collectGarbage } from '../../../src/api/token-store/garbage.ts';
import { createMemoryFiles } from '../../helpers/memory-files.ts';

const name = 'f'.repeat(64);
const tenMinutes = 600_000;
const week = 604_800_000;
const nowMs = Date.UTC(2026, 0, 15, 4);

test.each([
  [`${name}.json.abc.tmp`, tenMinutes],
  [`${name}.lock.0123.g`, tenMinutes],
  [`${name}.json`, week],
  [`${name}.setback`, week],
  [`${name}.json.corrupt-1`, week],
])('collectGarbage() leaves %s at exactly its age and removes it after', (file, longestMs) => {
  const written = `/tokens/${'e'.repeat(64)}.json`;
  const isLeftAt = (ageMs: number): boolean => {
    const memory = createMemoryFiles({ [written]: '', [`/tokens/${file}`]: '' }, '/');
    const mtimes = new Map([
      [written, nowMs],
      [`/tokens/${file}`, nowMs - ageMs],
    ]);
    const stat = (path: string) => {
      const found = memory.stat(path);
      return found && { ...found, mtimeMs: mtimes.get(path) ?? 0 };
    };
    collectGarbage({ ...memory, stat }, '/tokens', written);
    return memory.contents.has(`/tokens/${file}`);
  };
  expect([isLeftAt(longestMs - 1), isLeftAt(longestMs), isLeftAt(longestMs + 1)]).toEqual([
    true,
    true,
    false,
  ]);
});
