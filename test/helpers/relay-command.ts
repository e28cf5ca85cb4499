/** A relay in front of a platform of the tests: in their process, or as one of its own that can be killed. */
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { firstLine, start, temporaryFolder } from './command.ts';
import { startHere } from './in-process.ts';

export interface RunningRelay {
  readonly url: string;
  readonly port: number;
  /** All that it has written so far, on both streams. */
  said(): string;
  /** Its lines of JSON on stdout. */
  lines(): readonly Readonly<Record<string, unknown>>[];
}

export interface RelayProcess extends RunningRelay {
  readonly child: ChildProcess;
}

/** A key as somebody would make it; each name has its own. */
export const keyOf = (client: string): string => `${client}-${'k3y'.repeat(12)}`;

/** The lines of a key file: names of clients with the path prefixes that they may use. */
export function keyFile(clients: Readonly<Record<string, string>>): string {
  const file = path.join(temporaryFolder(), 'relay-keys');
  const lines = Object.entries(clients).map(([client, prefixes]) =>
    [client, keyOf(client), ...(prefixes === '' ? [] : [prefixes])].join(':'),
  );
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

type Environment = Readonly<Record<string, string>>;

const commandLine = (keys: string, words: readonly string[]): readonly string[] => [
  'relay',
  '--port',
  '0',
  '--key-file',
  keys,
  '--json',
  ...words,
];

export async function startRelay(
  env: Environment,
  keys: string,
  words: readonly string[] = [],
): Promise<RunningRelay> {
  let said = '';
  let tell: (line: string) => void = () => {};
  const told = new Promise<string>((resolve) => (tell = resolve));
  const running = startHere(
    commandLine(keys, words),
    { env: { HOME: temporaryFolder(), ...env } },
    (text) => {
      said += text;
      if (said.includes('\n')) tell(said.slice(0, said.indexOf('\n')));
    },
  );
  onTestFinished(async () => {
    running.stop();
    await running.ended;
  });
  const failed = running.ended.then(({ code, stderr }): never => {
    throw new Error(`the relay ended with ${code}: ${stderr}`);
  });
  return describeRelay(await Promise.race([told, failed]), () => said);
}

/** The same as a process of its own. `preload` is required before it, `node` gets its flags. */
export async function spawnRelay(
  env: Environment,
  keys: string,
  words: readonly string[] = [],
): Promise<RelayProcess> {
  const child = start(commandLine(keys, words), { env: { HOME: temporaryFolder(), ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  const note = (chunk: Buffer): void => void (said += chunk.toString('utf8'));
  child.stdout?.on('data', note);
  child.stderr?.on('data', note);
  return { child, ...describeRelay(await firstLine(child), () => said) };
}

function describeRelay(ready: string, said: () => string): RunningRelay {
  const { url } = JSON.parse(ready) as { readonly url: string };
  const lines = () =>
    said()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  return { url, port: Number(new URL(url).port), said, lines };
}
