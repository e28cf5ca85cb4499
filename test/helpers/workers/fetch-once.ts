/** Sends one request with the real client and prints the status; the process must then end by itself. */
import { createFetch } from '../../../src/io/net/fetch.ts';
import { WechatMpError } from '../../../src/core/errors.ts';

const {
  url,
  proxy,
  timeoutMs = 5000,
} = JSON.parse(process.argv[2] ?? '{}') as { url: string; proxy?: string; timeoutMs?: number };
const fetch = createFetch({
  proxy,
  environment: {},
  platform: process.platform,
});
fetch({ method: 'GET', url, timeoutMs, maxBytes: 1000 }).then(
  (response) => process.stdout.write(`${response.status}\n`),
  (error: unknown) =>
    process.stdout.write(`${error instanceof WechatMpError ? error.type : String(error)}\n`),
);
