/** Takes a lock, writes "+pid" and "-pid" into a log while it holds it, and lets it go. */
import { appendFileSync } from 'node:fs';
import { createLocks } from '../../../src/io/files/locks.ts';
import { clock, mortalFiles, settings, waitForGo } from './common.ts';

async function hold(path: string): Promise<void> {
  const locks = createLocks({ fs: mortalFiles(settings['killAt']) });
  for (;;) {
    const attempt = locks.tryLock(path);
    if (attempt.held) {
      appendFileSync(`${path}.log`, `+${process.pid}\n`);
      if (settings['holdMs'] !== undefined) await clock.sleep(Number(settings['holdMs']));
      appendFileSync(`${path}.log`, `-${process.pid}\n`);
      attempt.unlock();
      return;
    }
    await clock.sleep(Math.random() * 3);
  }
}

async function main(): Promise<void> {
  if (settings['paths'] === undefined) {
    await hold(String(settings['path']));
    return;
  }
  process.stdout.write('ready\n');
  // One round for each line on standard input.
  const paths = settings['paths'] as string[];
  let rounds = Promise.resolve();
  for await (const chunk of process.stdin) {
    for (const line of String(chunk).split('\n').filter(Boolean)) {
      const path = paths[Number(line)];
      if (path === undefined) return;
      rounds = rounds.then(() => hold(path)).then(() => void process.stdout.write(`done ${line}\n`));
    }
    await rounds;
  }
}

void (settings['paths'] === undefined && settings['wait'] === true ? waitForGo().then(main) : main());
