/**
 * A platform that notes what reaches it: for what a relay passes on. It knows one account, takes every call for a success,
 * and repeats its target with the token in it, as no platform should.
 */
import http from 'node:http';
import { listening } from './listening.ts';

export interface SeenRequest {
  readonly method: string;
  /** The request target as it came. */
  readonly target: string;
  readonly headers: http.IncomingHttpHeaders;
  /** Bytes of the body that have come so far. */
  bytes: number;
  isComplete: boolean;
}

export interface CountingPlatform {
  readonly port: number;
  readonly appid: string;
  readonly secret: string;
  /** What it hands out for the secret. */
  readonly token: string;
  readonly env: Readonly<Record<string, string>>;
  readonly seen: readonly SeenRequest[];
  /** Requests for an access_token. */
  tokenRequests(): number;
  /** From now on no body is read before `read()`, but those of token requests. */
  hold(): void;
  read(): void;
}

const isTokenCall = (target: string): boolean => /^\/cgi-bin\/(?:stable_)?token\b/.test(target);

export async function startCountingPlatform(): Promise<CountingPlatform> {
  const [appid, secret] = ['wx0123456789abcdef', '5ec2e7000000000000000000005ec2e7'];
  const token = `SIM_${'realtoken'.repeat(14)}`;
  const seen: SeenRequest[] = [];
  const waiting: (() => void)[] = [];
  let isHolding = false;
  const server = http.createServer((request, response) => {
    const { method = '', url: target = '', headers } = request;
    const entry: SeenRequest = { method, target, headers, bytes: 0, isComplete: false };
    seen.push(entry);
    request.on('error', () => {});
    const read = (): void => {
      request.on('data', (chunk: Buffer) => (entry.bytes += chunk.length));
      request.on('end', () => {
        entry.isComplete = true;
        const answer = isTokenCall(target)
          ? { access_token: token, expires_in: 7200 }
          : { errcode: 0, errmsg: `ok: ${target}` };
        response.setHeader('content-type', 'application/json; encoding=utf-8');
        response.end(JSON.stringify(answer));
      });
    };
    if (isHolding && !isTokenCall(target)) waiting.push(read);
    else read();
  });
  const port = await listening(server);
  return {
    port,
    appid,
    secret,
    token,
    seen,
    env: {
      WECHAT_MP_API_BASE: `http://127.0.0.1:${port}`,
      WECHAT_MP_APPID: appid,
      WECHAT_MP_APPSECRET: secret,
    },
    tokenRequests: () => seen.filter(({ target }) => isTokenCall(target)).length,
    hold: () => void (isHolding = true),
    read() {
      isHolding = false;
      for (const read of waiting.splice(0)) read();
    },
  };
}
