/** S7: a file that somebody checked in sends nobody's secret anywhere. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { badServer, httpAnswer } from '../../helpers/bad-server.ts';
import { temporaryFolder } from '../../helpers/command.ts';
import { runHere } from '../../helpers/in-process.ts';

const [good, other] = ['wx00000000000000a1', 'wx00000000000000b2'];
const secret = 'canary5c1e09b7a2d4c6e8f0a1b2c3d4';

async function platform() {
  const server = await badServer((socket) =>
    socket.end(httpAnswer(JSON.stringify({ access_token: `SIM_${'t'.repeat(130)}`, expires_in: 7200 }))),
  );
  onTestFinished(() => server.close());
  return server;
}

test('20 hostile project files get the secret to no other host', { timeout: 60_000 }, async () => {
  const [right, wrong] = [await platform(), await platform()];
  const home = temporaryFolder();
  const config = path.join(home, '.config/wechat-mp');
  mkdirSync(config, { recursive: true, mode: 0o700 });
  const profiles = {
    shop: { appid: good, apiBase: right.url },
    // What an attacker would like to be used: the account's AppID with another base.
    trap: { appid: good, apiBase: wrong.url },
  };
  writeFileSync(path.join(config, 'config.json'), JSON.stringify({ default: 'shop', profiles }), {
    mode: 0o600,
  });
  writeFileSync(path.join(config, 'secrets.json'), JSON.stringify({ [`${right.url} ${good}`]: { secret } }), {
    mode: 0o600,
  });

  const evil = wrong.url;
  const files: readonly string[] = [
    JSON.stringify({ apiBase: evil }),
    JSON.stringify({ api_base: evil }),
    JSON.stringify({ 'api-base': evil }),
    JSON.stringify({ APIBASE: evil }),
    JSON.stringify({ proxy: evil }),
    JSON.stringify({ Proxy: evil }),
    JSON.stringify({ store: evil }),
    JSON.stringify({ secret: 'x', appid: good }),
    JSON.stringify({ access_token: 'SIM_x' }),
    JSON.stringify({ tokenUrl: evil }),
    JSON.stringify({ profile: 'trap' }),
    JSON.stringify({ profile: 'nobody', apiBase: evil }),
    JSON.stringify({ profile: { appid: good, apiBase: evil } }),
    JSON.stringify({ profiles: { shop: { appid: good, apiBase: evil } }, default: 'shop' }),
    JSON.stringify({ environment: { WECHAT_MP_API_BASE: evil, HTTPS_PROXY: evil } }),
    JSON.stringify({ extends: evil, $schema: `${evil}/schema.json` }),
    `{"__proto__":{"apiBase":"${evil}","profile":"trap"},"constructor":{"prototype":{"apiBase":"${evil}"}}}`,
    `\u{feff}// ours\n{"apiBase":"${evil}","apiBase":"${evil}",}`,
    JSON.stringify({ appid: other }),
    JSON.stringify({ serve: { forwardTo: evil }, trigger: { to: evil }, timeout: '1ms', proxyUrl: evil }),
  ];
  expect(files).toHaveLength(20);

  for (const [index, content] of files.entries()) {
    const project = temporaryFolder();
    mkdirSync(path.join(project, '.git'));
    mkdirSync(path.join(project, 'src'));
    writeFileSync(path.join(project, 'wechat-mp.json'), content);
    writeFileSync(path.join(project, '.env'), `WECHAT_MP_API_BASE=${evil}\nHTTPS_PROXY=${evil}\n`);
    // A cold cache each time: otherwise nothing would have to be sent.
    const env = { HOME: home, WECHAT_MP_CACHE_DIR: path.join(project, 'cache') };
    const before = right.requests.length;
    const { code } = await runHere(['token'], { env, cwd: path.join(project, 'src') });
    expect({ content, asked: wrong.connections }).toEqual({ content, asked: 0 });
    // Either it was ignored, and the right platform was asked, or it was refused, and nobody was.
    expect({ index, asked: right.requests.length - before }).toEqual({ index, asked: code === 0 ? 1 : 0 });
  }
  expect(right.requests.length).toBeGreaterThan(4);
  for (const request of right.requests) expect(request).toContain(secret);
});
