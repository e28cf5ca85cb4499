/** Reads the log that `workers/token-worker.ts` keeps as its platform. */
import { existsSync, readFileSync } from 'node:fs';

interface LogLine {
  readonly what: 'ask' | 'answer';
  readonly endpoint: string;
  readonly pid: number;
}

export function readLog(path: string): readonly LogLine[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [what, endpoint = '', pid] = line.split(' ');
    return { what: what as LogLine['what'], endpoint, pid: Number(pid) };
  });
}

/** How often each endpoint was asked. */
export function requests(log: readonly LogLine[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { what, endpoint } of log) if (what === 'ask') counts[endpoint] = (counts[endpoint] ?? 0) + 1;
  return counts;
}

/** The most requests at one moment. One that was killed no longer counts when the next one asks. */
export function mostInFlight(log: readonly LogLine[], killed: ReadonlySet<number>): number {
  let running = new Set<number>();
  let most = 0;
  const answered = new Set(log.filter(({ what }) => what === 'answer').map(({ pid }) => pid));
  for (const { what, pid } of log) {
    running = new Set([...running].filter((each) => answered.has(each) || !killed.has(each)));
    if (what === 'ask') running.add(pid);
    else running.delete(pid);
    most = Math.max(most, running.size);
  }
  return most;
}
