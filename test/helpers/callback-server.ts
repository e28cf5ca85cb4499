/** A developer's server on loopback that verifies by the official recipe, written without the tool's code. */
import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { listening } from './listening.ts';
import { selfSigned } from './self-signed.ts';

export const callbackToken = 'AAAAA';

interface CallbackRequest {
  readonly method: string;
  readonly url: string;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** Whether `signature` is right. */
  readonly genuine: boolean;
  readonly echostr: string;
}

export type Answering = (request: CallbackRequest, response: http.ServerResponse) => void;

export interface CallbackServer {
  readonly url: string;
  /** Oldest first. */
  readonly requests: readonly CallbackRequest[];
}

/** Answers every request as the function says; stopped after the test. */
export async function startCallbackServer(
  answer: Answering,
  { tls = false, path = '/wechat' } = {},
): Promise<CallbackServer> {
  const requests: CallbackRequest[] = [];
  const listener: http.RequestListener = (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('error', () => {});
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = read(incoming, Buffer.concat(chunks).toString('utf8'));
      requests.push(request);
      answer(request, response);
    });
  };
  const server = tls ? https.createServer(selfSigned, listener) : http.createServer(listener);
  const port = await listening(server);
  const host = tls ? 'localhost' : '127.0.0.1';
  return { url: `${tls ? 'https' : 'http'}://${host}:${port}${path}`, requests };
}

function read(incoming: http.IncomingMessage, body: string): CallbackRequest {
  const url = incoming.url ?? '/';
  const query = new URL(url, 'http://localhost').searchParams;
  const parts = [callbackToken, query.get('timestamp') ?? '', query.get('nonce') ?? ''];
  const right = createHash('sha1').update(parts.toSorted().join('')).digest('hex');
  const genuine = query.get('signature') === right && query.has('timestamp') && query.has('nonce');
  const { method = 'GET', headers } = incoming;
  return { method, url, query, headers, body, genuine, echostr: query.get('echostr') ?? '' };
}

/** What a careful server does: GET echoes as text, POST says `success`, anything else is 403. */
export const honest: Answering = (request, response) => {
  if (!request.genuine || !/^[\w]*$/.test(request.echostr)) {
    response.writeHead(403).end();
    return;
  }
  response.setHeader('content-type', 'text/plain');
  response.end(request.method === 'GET' ? request.echostr : 'success');
};

/** An honest server whose right answer to a GET is replaced. */
export function honestBut(echo: (echostr: string, response: http.ServerResponse) => void): Answering {
  return (request, response) => {
    if (request.method === 'GET' && request.genuine) echo(request.echostr, response);
    else honest(request, response);
  };
}
