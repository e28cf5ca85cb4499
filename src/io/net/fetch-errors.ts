/** What went wrong on the way to a server and back. Loaded only when something did. */
import { maxHeaderSize } from 'node:http';
import { systemCode, WechatMpError } from '../../core/errors.ts';
import { defined } from '../../core/text/defined.ts';
import { ProxyFailure, type ExchangeFailure } from './exchange.ts';
import type { HttpRequest } from '../ports.ts';
import * as say from './texts.ts';

export interface FailureContext {
  /** Host and port of the request. */
  readonly host: string;
  readonly request: Pick<HttpRequest, 'timeoutMs' | 'maxBytes'>;
  /** The proxy's address without its password, where one was used. */
  readonly proxy: string | undefined;
  readonly platform: string;
  /** Where the address stands, for hints. */
  readonly addressFlag: string;
  /** How far the connection had come, where that is known. */
  readonly connecting?: ConnectPhase | undefined;
}

/** `proxy`: the way to the target was asked for and does not stand yet. */
export type ConnectPhase = 'proxy' | 'dns' | 'connect' | 'tls';

/** Turns a failed exchange into an error that names the host, never the path or the query. */
export function describeFailure(failure: ExchangeFailure, context: FailureContext): WechatMpError {
  const code = errorCode(failure.cause);
  const { type, text, hint, retryable = retryableTypes.has(type) } = chooseWords(failure, code, context);
  return new WechatMpError({
    family: 'network',
    type,
    text,
    hint,
    details:
      context.proxy === undefined || text.en.includes(context.proxy) ? [] : [say.wentThrough(context.proxy)],
    retryable,
    facts: {
      host: context.host,
      request_sent: failure.sent,
      ...defined({
        phase: failure.reason === 'timeout' ? phaseOf(failure, context) : undefined,
        cause_code: code,
        proxy: context.proxy,
      }),
    },
    cause: leanCause(failure.cause, code),
  });
}

/** What was waited for: the way through the proxy, the address, the connection, the TLS handshake, the head of the answer, or its body. */
function phaseOf(failure: ExchangeFailure, { connecting }: FailureContext): ConnectPhase | 'answer' | 'body' {
  if (failure.answered) return 'body';
  return failure.sent ? 'answer' : (connecting ?? 'connect');
}

const retryableTypes = new Set(['timeout', 'dns', 'refused', 'reset', 'truncated_answer', 'network']);

function chooseWords(failure: ExchangeFailure, code: string | undefined, context: FailureContext): say.Words {
  const { host, request, proxy, platform, addressFlag } = context;
  const { cause } = failure;
  if (proxy !== undefined && cause instanceof ProxyFailure)
    return say.proxyFailure(proxy, cause, { code, isCertificate: isCertificateError(code) });
  if (proxy !== undefined && failure.reason === 'timeout' && !failure.sent)
    return say.proxyTimeout(proxy, host, request.timeoutMs, context.connecting);
  if (failure.reason === 'timeout') return say.timeout(host, request.timeoutMs, failure.answered, proxy);
  if (failure.reason === 'body_too_large') return say.tooLarge(host, request.maxBytes, addressFlag);
  if (failure.reason === 'encoded_answer') return say.encodedAnswer(host, addressFlag);
  if (isCertificateError(code)) return say.certificate(host, code ?? '', platform);
  if (proxy !== undefined && !failure.sent) return say.brokenTunnel(proxy, host, code);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_FAIL')
    return say.lookUp(host, addressFlag);
  if (code === 'ECONNREFUSED') return say.refused(host);
  if (code !== undefined && overflowCodes.has(code))
    return say.headersTooLong(host, maxHeaderSize, addressFlag);
  const isParsed = isParserError(cause);
  const breach = isParsed ? breachOf(cause, failure.answered) : undefined;
  if (breach !== undefined) return say.malformed(host, breach, code, addressFlag);
  if (failure.answered) return say.truncated(host);
  if (code !== undefined && !failure.sent && isTlsError(code)) return say.tlsHandshake(host);
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT')
    return say.timeout(host, request.timeoutMs, false, proxy);
  if (code !== undefined && resetCodes.has(code))
    return failure.sent ? say.reset(host) : say.closedEarly(host);
  if (isParsed) return say.notHttp(host, addressFlag);
  return say.network(host, code);
}

const resetCodes = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNABORTED']);

/** OpenSSL's verification results arrive as codes without a common prefix. */
function isCertificateError(code: string | undefined): boolean {
  if (code === undefined) return false;
  return /CERT|^UNABLE_TO_|^HOSTNAME_MISMATCH$|^INVALID_(CA|PURPOSE)$|^CRL_|UND_ERR_PRX_TLS/.test(code);
}

function isTlsError(code: string): boolean {
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO';
}

/** Node's and undici's. */
const overflowCodes = new Set(['HPE_HEADER_OVERFLOW', 'UND_ERR_HEADERS_OVERFLOW']);

/** Node gives the parser's errors a code, `HPE_…`; undici, behind a proxy, only sometimes, but a name. */
function isParserError(cause: unknown): cause is Error {
  if (!(cause instanceof Error)) return false;
  const code = systemCode(cause) ?? '';
  return /^HPE_|_CONTENT_LENGTH_MISMATCH$/.test(code) || cause.name === 'HTTPParserError';
}

/**
 * Which rule of HTTP an answer breaks; `undefined` where it does not begin as one, and where it only broke off. The
 * parser's words are the same in Node and in undici, which has no code for most.
 */
function breachOf({ message }: Error, answered: boolean): say.Breach | undefined {
  if (/Expected HTTP\/|after `Connection: close`/.test(message)) return answered ? 'end' : undefined;
  return breaches.find(([pattern]) => pattern.test(message))?.[1];
}

const breaches: readonly (readonly [RegExp, say.Breach])[] = [
  [/chunk/i, 'chunk'],
  [/content-length|transfer-encoding/i, 'length'],
  [/status|version|response line|expected dot/i, 'status'],
  [/header|expected/i, 'header'],
];

function errorCode(cause: unknown): string | undefined {
  return systemCode(cause) ?? (cause instanceof Error ? errorCode(cause.cause) : undefined);
}

/**
 * Keeps the cause's words for `--debug` without its other fields: a parser's error holds the answer's bytes and a
 * certificate's error the whole chain.
 */
function leanCause(cause: unknown, code: string | undefined): Error | undefined {
  if (!(cause instanceof Error)) return undefined;
  return Object.assign(new Error(cause.message), code === undefined ? {} : { code });
}
