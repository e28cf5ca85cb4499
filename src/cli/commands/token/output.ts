/** The shapes in which `token` prints: for eyes, shells, files and scripts. */
import type { Credential, TokenSource } from '../../../api/token-source.ts';
import { negativeError } from '../../../core/errors.ts';
import { isFresh, type StoredEntry } from '../../../core/token/index.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import { formatVariable, type VariableFormat } from '../../shared/variable-line.ts';

interface TokenPrint {
  readonly format: 'plain' | 'json' | 'github' | VariableFormat;
  readonly variable: string;
  readonly appId: string | undefined;
}

export async function printToken(context: Context, credential: Credential, print: TokenPrint): Promise<void> {
  const { value } = credential;
  const inGithub = context.environment['GITHUB_ACTIONS'] === 'true' || print.format === 'github';
  const github = inGithub ? await import('../../shared/github.ts') : undefined;
  github?.maskInGithub(context, value);
  const { format, variable } = print;
  if (format === 'github') {
    github?.appendGithubOutput(context, `${variable}=${value}`);
    return;
  }
  context.io.terminal.writeStdout(`${lineOf(context, credential, { ...print, format })}\n`);
}

function lineOf(
  context: Context,
  credential: Credential,
  { format, variable, appId }: TokenPrint & { readonly format: Exclude<TokenPrint['format'], 'github'> },
): string {
  if (format === 'plain') return credential.value;
  if (format === 'json') return JSON.stringify(describeToken(context, credential, appId));
  return formatVariable(format, variable, credential.value);
}

function describeToken(
  context: Context,
  credential: Credential,
  appId: string | undefined,
): Readonly<Record<string, unknown>> {
  const known = Number.isFinite(credential.expiresAtMs);
  return {
    access_token: credential.value,
    expires_at: known ? new Date(credential.expiresAtMs).toISOString() : null,
    expires_in: known ? Math.floor((credential.expiresAtMs - context.io.clock.now()) / 1000) : null,
    appid: appId ?? null,
    endpoint: credential.endpoint,
    source: credential.source,
  };
}

/** The cached token, if it is still good. Throws `negative` otherwise. */
export async function readCached(context: Context, tokens: TokenSource, minTtlMs = 0): Promise<Credential> {
  const entry = await tokens.peek();
  if (entry !== undefined && isFresh(entry, context.io.clock.now(), minTtlMs)) {
    const { value, expiresAtMs, endpoint } = entry;
    const credential: Credential = { value, expiresAtMs, source: 'cache', endpoint };
    if (context.explains)
      (await import('../../shared/explain/verbose.ts')).tellCredential(context, credential);
    return credential;
  }
  throw negativeError(
    'not_cached',
    { en: 'There is no good token in the cache', zh: '缓存中没有可用的 access_token' },
    { en: 'Run it without --offline', zh: '去掉 --offline 再运行' },
  );
}

/** Returns the exit code: 1 where nothing good is cached. */
export function printStatus(context: Context, entry: StoredEntry | undefined, appId: string): number {
  const now = context.io.clock.now();
  const good = entry !== undefined && isFresh(entry, now, 0);
  const left = entry === undefined ? 0 : Math.floor((entry.expiresAtMs - now) / 1000);
  const history = (entry?.history ?? []).map((line) => ({
    at: new Date(line.atMs).toISOString(),
    endpoint: line.endpoint,
    host: line.host,
    pid: line.pid,
    token: line.first4 === '' ? null : `${line.first4}…${line.last4}`,
  }));
  const value = {
    cached: good,
    appid: appId,
    ...(entry === undefined
      ? {}
      : {
          endpoint: entry.endpoint,
          obtained_at: new Date(entry.obtainedAtMs).toISOString(),
          expires_at: new Date(entry.expiresAtMs).toISOString(),
          expires_in: left,
          history,
        }),
  };
  const state = good
    ? context.say(cachedFor(left))
    : context.say({ en: 'nothing good is cached', zh: '没有可用的缓存' });
  const lines = history.map(
    (line) => `${line.at}  ${line.endpoint}  ${line.token ?? '–'}  ${line.host} (${line.pid})`,
  );
  context.print(value, [`${appId}: ${state}`, ...lines].join('\n'));
  return good ? 0 : 1;
}

/** In hours and minutes, or in seconds where less than two minutes are left. */
function cachedFor(seconds: number): Text {
  if (seconds < 120) return { en: `cached, expires in ${seconds} s`, zh: `已缓存，${seconds} 秒后失效` };
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const en = [...(hours > 0 ? [`${hours} h`] : []), ...(minutes > 0 ? [`${minutes} min`] : [])].join(' ');
  const zh = [...(hours > 0 ? [`${hours} 小时`] : []), ...(minutes > 0 ? [`${minutes} 分钟`] : [])].join(' ');
  return { en: `cached, expires in ${en}`, zh: `已缓存，${zh}后失效` };
}
