/**
 * One command that wants a credential, reduced to the token source. The platform is a log file that all share:
 * "ask <endpoint> <pid>" and "answer <endpoint> <pid>"; the nth answer for an endpoint holds the number n.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createFileStore } from '../../../src/api/token-store/file.ts';
import { createTokenSource, type TokenSource } from '../../../src/api/token-source.ts';
import type { IssuedCredential } from '../../../src/core/token/access-token.ts';
import { createCredentialKey, type CredentialEndpoint } from '../../../src/core/token/credential-key.ts';
import { PlatformError, WechatMpError } from '../../../src/core/errors.ts';
import type { Text } from '../../../src/core/text/text.ts';
import type { Clock } from '../../../src/io/ports.ts';
import { createFiles } from '../../../src/io/files/files.ts';
import { createLocks } from '../../../src/io/files/locks.ts';
import { clock as wallClock, mortalFiles, random, settings, waitForGo } from './common.ts';

const fs = mortalFiles(settings['killAt']);
const clockFile = settings['clockFile'] as string | undefined;
/** The wall clock, moved by the seconds in a file that all processes share. */
const clock: Clock = {
  ...wallClock,
  now: () => wallClock.now() + (clockFile === undefined ? 0 : Number(readFileSync(clockFile, 'utf8')) * 1000),
};
const notes: Text[] = [];

const note = (text: Text): void => void notes.push(text);

function open(endpoint: CredentialEndpoint, tokens?: TokenSource): TokenSource {
  const locks = createLocks({ fs });
  return createTokenSource({
    key: createCredentialKey({
      apiBase: 'http://127.0.0.1:1',
      appId: 'wx0123456789abcdef',
      endpoint,
      secret: 'secret',
    }),
    store: createFileStore({
      files: createFiles(fs),
      locks: async () => locks,
      clock,
      directory: String(settings['directory']),
      note,
    }),
    clock,
    random,
    host: 'box',
    pid: process.pid,
    timeoutMs: Number(settings['timeoutMs'] ?? 15_000),
    note,
    prepare: tokens && (() => tokens.get()),
    fetchIssued: async () => {
      await tokens?.get();
      return ask(endpoint);
    },
  });
}

async function ask(endpoint: CredentialEndpoint): Promise<IssuedCredential> {
  const log = String(settings['log']);
  if (settings['killIn'] === 'before-fetch') process.kill(process.pid, 'SIGKILL');
  const issuedAtMs = clock.now();
  appendFileSync(log, `ask ${endpoint} ${process.pid}\n`);
  const number = readFileSync(log, 'utf8').split(`ask ${endpoint} `).length - 1;
  await clock.sleep(Number(settings['latencyMs'] ?? 0));
  appendFileSync(log, `answer ${endpoint} ${process.pid}\n`);
  if (settings['killIn'] === 'after-fetch') process.kill(process.pid, 'SIGKILL');
  const errcode = settings['errcode'] as number | undefined;
  if (errcode !== undefined) {
    throw new PlatformError({
      family: 'account',
      type: 'secret_wrong',
      text: { en: 'WeChat refused the secret', zh: '微信拒绝了密钥' },
      facts: { errcode, errmsg: 'invalid appsecret' },
    });
  }
  return {
    value: `50_${endpoint}-${number}-xxxxxxxxxxxxxxxx`,
    expiresInSeconds: 7200,
    issuedAtMs,
  };
}

async function run(): Promise<unknown> {
  const tokenEndpoint = (settings['endpoint'] as CredentialEndpoint | undefined) ?? 'stable_token';
  const tokens = open(tokenEndpoint);
  const ticket = settings['ticket'] as CredentialEndpoint | undefined;
  const source = ticket === undefined ? tokens : open(ticket, tokens);
  if (settings['umask'] !== undefined) process.umask(Number(settings['umask']));
  if (settings['wait'] === true) await waitForGo();
  if (settings['reads'] !== undefined) return await readMany(source, Number(settings['reads']));
  const startedMs = clock.monotonic();
  try {
    const credential =
      settings['failed'] === undefined ? await source.get() : await source.renew(String(settings['failed']));
    return { ...credential, tookMs: clock.monotonic() - startedMs, notes };
  } catch (error) {
    if (!(error instanceof WechatMpError)) throw error;
    const { family, type, text, facts } = error;
    return { error: { family, type, text, facts, platform: error instanceof PlatformError }, notes };
  }
}

/** Reads at least so often, on until the file "stop" is there, and once more. Tells which values it saw, in order. */
async function readMany(source: TokenSource, reads: number): Promise<unknown> {
  const seen: string[] = [];
  let count = 0;
  for (let last = false; !last; count += 1) {
    last = count >= reads && existsSync(String(settings['stop']));
    const { value } = await source.get();
    if (seen.at(-1) !== value) seen.push(value);
    // Lets the other processes have the two cores.
    if (count % 50 === 0) await clock.sleep(1);
  }
  return { seen, count, notes };
}

/** One command after the other, each with settings of its own. */
async function runAll(worlds: readonly object[]): Promise<unknown> {
  const results: unknown[] = [];
  for (const world of worlds) {
    Object.assign(settings, world);
    results.push(structuredClone(await run()));
    notes.length = 0;
  }
  return results;
}

void (Array.isArray(settings['worlds']) ? runAll(settings['worlds'] as object[]) : run()).then((result) => {
  process.stdout.write(JSON.stringify(result));
});
