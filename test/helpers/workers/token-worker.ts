/**
 * One command that wants a credential, reduced to the token source. The platform is a log file that all share:
 * "ask <endpoint> <pid>" and "answer <endpoint> <pid>"; the nth answer for an endpoint holds the number n.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { createFileStore } from '../../../src/api/token-store/file.ts';
import { createTokenSource, type TokenSource } from '../../../src/api/token-source.ts';
import type { IssuedCredential } from '../../../src/core/access-token.ts';
import { createCredentialKey, type CredentialEndpoint } from '../../../src/core/credential-key.ts';
import { PlatformError, WechatMpError } from '../../../src/core/errors.ts';
import type { Text } from '../../../src/core/text.ts';
import { createFiles } from '../../../src/io/files.ts';
import { createLocks } from '../../../src/io/locks.ts';
import { clock, mortalFiles, random, settings, waitForGo } from './common.ts';

const fs = mortalFiles(settings['killAt']);
const log = String(settings['log']);
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
    note,
    prepare: tokens && (() => tokens.get()),
    fetchIssued: async () => {
      await tokens?.get();
      return ask(endpoint);
    },
  });
}

async function ask(endpoint: CredentialEndpoint): Promise<IssuedCredential> {
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

void run().then((result) => {
  process.stdout.write(JSON.stringify(result));
});
