/** What `qr batch` writes down and tells while it runs, and when that is safe from a loss of power. */
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../../../helpers/fake-io.ts';

/** A batch whose journal is made durable by `sync`, which is told how many lines there are. */
function batch(rows: number, sync: (lines: () => number) => Promise<void>) {
  const table = `scene\n${Array.from({ length: rows }, (_, index) => index + 1).join('\n')}\n`;
  const world = fakeWorld({ files: { 'a.csv': table } });
  let lines = 0;
  const { many } = world.files;
  world.io.manyFiles = async () => ({
    ...many,
    create(path) {
      const journal = many.create(path);
      return {
        ...journal,
        add(line) {
          journal.add(line);
          lines += 1;
        },
        sync: () => sync(() => lines),
      };
    },
  });
  return { ...world, lines: () => lines, words: ['qr', 'batch', 'a.csv', '--out-dir', 'codes', '--json'] };
}

describe('the journal of a batch', () => {
  test('goes to the disk every 25 lines, beside the calls', async () => {
    const at: number[] = [];
    const { run, words } = batch(50, async (lines) => void at.push(lines()));
    expect((await run(...words, '--concurrency', '1')).code).toBe(0);
    expect(at).toEqual([25, 50, 75, 100, 100]);
  });

  test('lets no more than 50 lines wait for a slow disk', async () => {
    const atRisk: number[] = [];
    let durable = 0;
    const slow = async (lines: () => number): Promise<void> => {
      const covered = lines();
      // Until the batch stands still.
      for (let [turns, seen] = [0, covered]; turns < 50; turns += 1) {
        await turn();
        if (lines() !== seen) [turns, seen] = [0, lines()];
      }
      atRisk.push(lines() - durable);
      durable = covered;
    };
    const { run, words } = batch(60, slow);
    expect((await run(...words, '--concurrency', '1')).code).toBe(0);
    expect(atRisk).toEqual([50, 50, 50, 44, 18]);
  });

  test('that cannot be made durable ends the batch with exit 7', async () => {
    let failing = true;
    const { run, words, requests } = batch(60, async () => {
      if (failing) throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'fsync' });
    });
    const { code, stderr } = await run(...words);
    expect([code, JSON.parse(stderr.trim().split('\n').at(-1) ?? '')]).toMatchObject([
      7,
      { error: { type: 'file_not_writable', message: expect.stringContaining('manifest.jsonl') as string } },
    ]);
    failing = false;
    expect((await run(...words, '--resume')).code).toBe(0);
    expect(requests.filter((request) => request.endsWith('/qrcode/create'))).toHaveLength(60);
  });
});

describe('the lines of qr batch --json', () => {
  test('are written together, once in 50 ms, in their order', async () => {
    const { run, words, io, clock } = batch(30, async () => {});
    const writes: string[][] = [];
    const { writeStdout } = io.terminal;
    io.terminal.writeStdout = (data) => {
      writeStdout(data);
      const types = Array.from(String(data).matchAll(/"type":"([a-z]+)"/g), ([, type = '']) => type);
      if (types.length > 0) writes.push(types);
    };
    const open = io.fetch;
    let calls = 0;
    io.fetch = async (options) => {
      const send = await open(options);
      return async (request) => {
        // Ten codes of two calls, after the token.
        if ((calls += 1) === 22) await clock.advance(50);
        return await send(request);
      };
    };
    expect((await run(...words, '--concurrency', '1')).code).toBe(0);
    expect(writes.map((types) => `${types.length} ${types[0]}`)).toEqual([
      '1 ready',
      '10 code',
      '20 code',
      '1 summary',
    ]);
  });
});
