// The framework without the simulator, for bench-simulator.mjs: fixed bytes behind the same listener.
import { renameSync, writeFileSync } from 'node:fs';
import { Hono } from 'hono/tiny';
import { listenFetch } from '../../src/io/net/listen-fetch.ts';

const [answers = '{}', readyFile = ''] = process.argv.slice(2);
const app = new Hono();
for (const [path, body] of Object.entries(JSON.parse(answers) as Record<string, string>)) {
  app.get(
    path,
    () => new Response(body, { headers: { 'content-type': 'application/json; encoding=utf-8' } }),
  );
}
const { url } = await listenFetch(async (request) => app.fetch(request), {
  host: '127.0.0.1',
  port: 0,
  maxBodyBytes: 10 * 1024 * 1024,
});
writeFileSync(`${readyFile}.new`, JSON.stringify({ url }));
renameSync(`${readyFile}.new`, readyFile);
