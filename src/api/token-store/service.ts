/** The team's token service（中控服务器）: it owns the access_token, and this tool never fetches one itself. */
import { accountError, usageError, WechatMpError } from '../../core/errors.ts';
import { isObject, parseJson } from '../../core/text/json-value.ts';
import { excerpt } from '../../core/text/sanitise.ts';
import type { Text } from '../../core/text/text.ts';
import { decodeUtf8 } from '../../core/text/utf8.ts';
import { isCredentialText } from '../../core/token/index.ts';
import type { Clock, Fetch } from '../../io/ports.ts';
import type { Credential, TokenSource } from '../token-source.ts';
import { createAskedSource } from './asked.ts';

export interface TokenServiceParts {
  /** `https:`, or `http:` on loopback; a user and a password in it are sent as `Authorization: Basic`. */
  readonly url: URL;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** An answer has one token. */
const maxBytes = 64 * 1024;

/**
 * A source that asks the service each time, once for all who ask in this process. It answers with JSON
 * `{access_token, expires_in}`, or with the token alone. Where WeChat refuses the token, the service is asked once
 * more: if it names the same one, only its owner can help.
 */
export function createServiceTokens(parts: TokenServiceParts): TokenSource {
  const ask = async (): Promise<Credential> => await askService(parts);
  const source = createAskedSource({ clock: parts.clock, ask, refuseForce: () => serviceDecides(parts.url) });
  return {
    ...source,
    async renew(failed) {
      const next = await source.renew(failed);
      if (next.value === failed) throw deadToken(parts.url);
      return next;
    },
  };
}

async function askService({ url, fetch, clock, timeoutMs, signal }: TokenServiceParts): Promise<Credential> {
  const plain = new URL(url);
  plain.username = plain.password = '';
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const { status, body } = await fetch({
    method: 'GET',
    url: plain.href,
    headers: login === ':' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` },
    timeoutMs,
    maxBytes,
    signal,
  }).catch((error: unknown) => {
    throw error instanceof WechatMpError ? unreached(url, error) : error;
  });
  if (status === 401 || status === 403) throw deniedBy(url, status);
  if (status !== 200) throw unusable(url, { en: `status ${status}`, zh: `状态码 ${status}` });
  return readToken(url, decodeUtf8(body)?.trim() ?? '', clock.now());
}

function credential(value: string, expiresAtMs: number): Credential {
  return { value, expiresAtMs, source: 'service', endpoint: 'service' };
}

function readToken(url: URL, text: string, nowMs: number): Credential {
  // Only the owner knows when it ends.
  if (isCredentialText(text) && !/^[{["<]/.test(text)) return credential(text, Number.POSITIVE_INFINITY);
  const answer = parseJson(text);
  const { access_token: token, expires_in: seconds, errcode, errmsg } = isObject(answer) ? answer : {};
  if (token === undefined && typeof errcode === 'number' && errcode !== 0) {
    const words = excerpt(typeof errmsg === 'string' ? errmsg : '', 100);
    throw unusable(url, { en: `errcode ${errcode} ${words}`, zh: `errcode ${errcode} ${words}` });
  }
  if (!isCredentialText(token))
    throw unusable(url, {
      en: 'neither a token nor JSON with "access_token"',
      zh: '既不是 access_token，也不是含 "access_token" 的 JSON',
    });
  if (seconds === undefined) return credential(token, Number.POSITIVE_INFINITY);
  if (typeof seconds !== 'number' || !Number.isFinite(seconds))
    throw unusable(url, { en: '"expires_in" is no number', zh: '"expires_in" 不是数字' });
  if (seconds <= 0) throw unusable(url, { en: 'a token that has expired', zh: '已过期的 access_token' });
  return credential(token, nowMs + seconds * 1000);
}

const shown = ({ origin, pathname }: URL): string => origin + pathname;

function unreached(url: URL, error: WechatMpError): WechatMpError {
  return error.with({
    type: error.type === 'timeout' ? 'token_service_silent' : 'token_service_unreachable',
    text: {
      en: `Cannot get the token from the service at ${shown(url)}: ${error.text.en}`,
      zh: `无法从 ${shown(url)} 的 access_token 服务获取：${error.text.zh}`,
    },
    hint: {
      en: 'Check that the service runs, and the address in WECHAT_MP_TOKEN_URL; the tool fetches no token by itself',
      zh: '请检查该服务是否在运行，以及 WECHAT_MP_TOKEN_URL 中的地址；本工具不会自行获取',
    },
    facts: { ...error.facts, service: shown(url) },
  });
}

function unusable(url: URL, what: Text): WechatMpError {
  return new WechatMpError({
    family: 'network',
    type: 'token_service_answer',
    text: {
      en: `Cannot use what the token service at ${shown(url)} answers: ${what.en}`,
      zh: `${shown(url)} 的 access_token 服务的应答无法使用：${what.zh}`,
    },
    hint: {
      en: 'It must answer {"access_token":"…","expires_in":7200}, or the token alone',
      zh: '应返回 {"access_token":"…","expires_in":7200}，或只返回 access_token',
    },
    facts: { service: shown(url) },
  });
}

function deniedBy(url: URL, status: number): WechatMpError {
  return new WechatMpError({
    family: 'account',
    type: 'token_service_denied',
    text: {
      en: `The token service at ${shown(url)} denies access: status ${status}`,
      zh: `${shown(url)} 的 access_token 服务拒绝访问：状态码 ${status}`,
    },
    hint: {
      en: 'Put user and key into the address: WECHAT_MP_TOKEN_URL=https://user:key@host/token',
      zh: '请把用户和密钥写进地址：WECHAT_MP_TOKEN_URL=https://用户:密钥@主机/token',
    },
    facts: { service: shown(url) },
  });
}

function deadToken(url: URL): WechatMpError {
  return accountError(
    'token_service_dead_token',
    {
      en: `WeChat refuses the token of the service at ${shown(url)}, and the service names no other`,
      zh: `微信拒绝了 ${shown(url)} 的服务提供的 access_token，而该服务没有给出新的`,
    },
    {
      en: 'Who runs the service must fetch a new one there; this tool fetches none by itself',
      zh: '需由该服务的维护者在服务中重新获取；本工具不会自行获取',
    },
    { service: shown(url) },
  );
}

function serviceDecides(url: URL): WechatMpError {
  return usageError(
    'token_service_decides',
    {
      en: `Cannot refresh the token: it belongs to the service at ${shown(url)}`,
      zh: `无法刷新 access_token：它由 ${shown(url)} 的服务管理`,
    },
    {
      en: 'Have it refreshed there, or unset WECHAT_MP_TOKEN_URL',
      zh: '请在该服务中刷新，或取消 WECHAT_MP_TOKEN_URL',
    },
  );
}
