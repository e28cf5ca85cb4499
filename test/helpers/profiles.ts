/** Profiles on a real disk: a platform that takes every account, and the two files of the configuration directory. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { badServer, httpAnswer } from './bad-server.ts';
import { run, temporaryFolder, type Ended } from './command.ts';
import { runHere } from './in-process.ts';

export interface ProfileWorld {
  /** The API base of a platform that gives everybody a token. */
  readonly url: string;
  readonly home: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  add(name: string, appId: string, ...words: readonly string[]): Promise<Ended>;
  run(...words: readonly string[]): Promise<Ended>;
  config(): {
    readonly default?: string;
    readonly profiles: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  secrets(): Readonly<Record<string, Readonly<Record<string, string>>>>;
  mode(name: string): string;
}

export const appIdOf = (number: number): string => `wx${number.toString(16).padStart(16, '0')}`;
export const secretOf = (appId: string): string => `canary${appId.slice(2)}0123456789`;

export async function profileWorld(folderName = 'config'): Promise<ProfileWorld> {
  const server = await badServer((socket) =>
    socket.end(httpAnswer(JSON.stringify({ access_token: `SIM_${'t'.repeat(130)}`, expires_in: 7200 }))),
  );
  onTestFinished(() => server.close());
  const home = temporaryFolder();
  const folder = path.join(home, folderName);
  const env = { HOME: home, WECHAT_MP_CONFIG_DIR: folder, WECHAT_MP_API_BASE: server.url };
  const read = (name: string): unknown => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
  return {
    url: server.url,
    home,
    folder,
    env,
    add: (name, appId, ...words) => runHere(addition(name, appId, ...words), { env, input: secretOf(appId) }),
    run: (...words) => runHere(words, { env }),
    config: () => read('config.json') as ReturnType<ProfileWorld['config']>,
    secrets: () => read('secrets.json') as ReturnType<ProfileWorld['secrets']>,
    mode: (name) => (statSync(path.join(folder, name)).mode & 0o777).toString(8),
  };
}

const addition = (name: string, appId: string, ...words: readonly string[]): readonly string[] => [
  'profile',
  'add',
  name,
  '--appid',
  appId,
  '--secret-stdin',
  ...words,
];

/** Adds that many accounts by as many processes at once, and tells how many are there and whole afterwards. */
export async function addAtOnce(
  world: ProfileWorld,
  count: number,
): Promise<{ failed: Ended[]; kept: number }> {
  const appIds = Array.from({ length: count }, (_, index) => appIdOf(index + 1));
  const all = await Promise.all(
    appIds.map((appId, index) =>
      run(addition(`p${index}`, appId), { env: world.env, input: secretOf(appId) }),
    ),
  );
  const [{ profiles }, secrets] = [world.config(), world.secrets()];
  const kept = appIds.filter(
    (appId, index) =>
      profiles[`p${index}`]?.['appid'] === appId &&
      secrets[`${world.url} ${appId}`]?.['secret'] === secretOf(appId),
  );
  return { failed: all.filter(({ code }) => code !== 0), kept: kept.length };
}
