// The framework without the simulator, for bench-simulator.mjs: fixed bytes from behind its own server.
import { renameSync, writeFileSync } from 'node:fs';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const [answers = '{}', readyFile = ''] = process.argv.slice(2);
const app = new Hono();
for (const [path, body] of Object.entries(JSON.parse(answers) as Record<string, string>)) {
  const headers = { 'content-type': 'application/json; encoding=utf-8' };
  app.get(path, (context) => context.body(body, 200, headers));
  app.post(path, async (context) => {
    await context.req.json();
    return context.body(body, 200, headers);
  });
}
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  writeFileSync(`${readyFile}.new`, JSON.stringify({ url: `http://127.0.0.1:${port}` }));
  renameSync(`${readyFile}.new`, readyFile);
});
