/** `serve` with answers of one's own, before another server, and among hostile strangers. */
import http from 'node:http';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseRecording } from '../../src/cli/shared/recording.ts';
import { temporaryFolder } from '../helpers/command.ts';
import {
  attacks,
  envelopeOf,
  exchangeBytes,
  garbage,
  heavyXml,
  hostileXml,
  messageOf,
  postBytes,
  signedQueryOf,
  withoutDate,
} from '../helpers/hostile.ts';
import { runHere } from '../helpers/in-process.ts';
import { listening } from '../helpers/listening.ts';
import {
  accountEnvironment,
  element,
  othersCrypt,
  signedQuery,
  spawnServing,
  startServing,
  type Serving,
} from './serving.ts';

const send = async (serving: Serving, body: string | Uint8Array<ArrayBuffer>): Promise<Response> =>
  await fetch(`${serving.url}?${signedQuery()}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/xml' },
  });

function file(content: string, name = 'rules.json'): string {
  const whole = path.join(temporaryFolder(), name);
  writeFileSync(whole, content);
  return whole;
}

test('serve takes its path from wechat-mp.json', async () => {
  const cwd = path.dirname(file('{"serve":{"path":"/from/project"}}', 'wechat-mp.json'));
  const serving = await startServing(['--mode', 'plain'], { cwd });
  expect(serving.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/from\/project$/);
  expect((await send(serving, messageOf('a'))).status).toBe(200);
});

describe('serve --rules and --reply', () => {
  const rules = `[
    // Orders
    {"text": "/^order (?<id>\\\\d+)$/i", "reply": {"type": "news", "articles": [
      {"title": "Order {{id}}", "description": "for {{FromUserName}}", "url": "https://example.com/{{1}}"}]}},
    {"event": "CLICK", "key": "V1001", "reply": {"type": "image", "media_id": "m"}},
    {"type": "image", "reply": "none"}
  ]`;
  const event = messageOf('', '1')
    .replace('<![CDATA[text]]>', '<![CDATA[event]]>')
    .replace('</xml>', '<Event><![CDATA[CLICK]]></Event><EventKey><![CDATA[V1001]]></EventKey></xml>');

  test('answers by the first rule that matches, else by --reply', async () => {
    const serving = await startServing(['--mode', 'plain', '--rules', file(rules), '--reply', 'success']);
    const order = await (await send(serving, messageOf('Order 12'))).text();
    expect(
      ['MsgType', 'ArticleCount', 'Title', 'Description', 'Url'].map((name) => element(order, name)),
    ).toEqual(['news', '1', 'Order 12', 'for o9AgO5Kd5ggOC-bXrbNODIiE3bGY', 'https://example.com/12']);
    expect(element(await (await send(serving, event)).text(), 'MediaId')).toBe('m');
    expect(await (await send(serving, messageOf('hello', '2'))).text()).toBe('success');
    expect((await serving.first(2))[1]).toMatchObject({
      type: 'reply',
      msg_type: 'news',
      user_sees: 'reply',
      problems: [],
    });
  });

  test('answers by rules in safe mode too, readable for wechat-crypto', async () => {
    const serving = await startServing(['--mode', 'safe', '--rules', file(rules)]);
    const crypt = othersCrypt();
    const encrypt = crypt.encrypt(messageOf('order 7'));
    const response = await fetch(`${serving.url}?${signedQuery(encrypt)}`, {
      method: 'POST',
      body: envelopeOf(encrypt),
    });
    const inner = crypt.decrypt(element(await response.text(), 'Encrypt') ?? '').message;
    expect(element(inner, 'Title')).toBe('Order 7');
  });

  test('a reply that WeChat would not take is named in the log', async () => {
    const reply = file('x'.repeat(2049), 'long.txt');
    const serving = await startServing(['--mode', 'plain', '--reply', reply]);
    await send(serving, messageOf('a'));
    expect((await serving.first(2))[1]).toMatchObject({
      user_sees: 'unavailable',
      problems: [{ rule: 'content-bytes', severity: 'error', field: 'Content' }],
    });
  });

  test('refuses a file with a mistake before it listens: exit 2 with the place', async () => {
    const wrong = file('[\n  {"event": "click", "reply": "echo"}\n]');
    const ended = await runHere(['serve', '--port', '0', '--rules', wrong], { env: accountEnvironment });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('"click" must be "CLICK": capitals count, at line 2, column 13');
    const json = await runHere(['serve', '--port', '0', '--rules', wrong, '--json'], {
      env: accountEnvironment,
    });
    expect(JSON.parse(json.stderr.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      error: { code: 2, type: 'rules_invalid', line: 2, column: 13 },
    });
  });
});

describe('serve --forward-to', () => {
  interface Seen {
    readonly method: string | undefined;
    readonly url: string | undefined;
    readonly headers: http.IncomingHttpHeaders;
    readonly body: Buffer;
  }

  async function upstream(answer: (response: http.ServerResponse, seen: Seen) => void) {
    const requests: Seen[] = [];
    const server = http.createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const { method, url, headers } = request;
      const seen = { method, url, headers, body: Buffer.concat(chunks) };
      requests.push(seen);
      answer(response, seen);
    });
    return { requests, url: `http://127.0.0.1:${await listening(server)}/mine?key=1` };
  }

  test('passes bytes, query and headers on, and the answer back unchanged', async () => {
    const body = Buffer.from(`\uFEFF${messageOf('你好 ]]&gt;')}\n`);
    const reply = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('oops 好')]);
    const behind = await upstream((response) => {
      response.writeHead(418, { 'content-type': 'text/html; charset=gbk', 'x-powered-by': 'PHP/5.6' });
      response.end(reply);
    });
    const serving = await startServing(['--mode', 'plain', '--forward-to', behind.url]);
    const query = signedQuery();
    const response = await fetch(`${serving.url}?${query}&openid=o%2B1`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/xml', 'x-custom': 'c' },
    });
    expect([
      response.status,
      response.headers.get('content-type'),
      response.headers.get('x-powered-by'),
    ]).toEqual([418, 'text/html; charset=gbk', 'PHP/5.6']);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(reply);
    expect(behind.requests).toMatchObject([
      {
        method: 'POST',
        url: `/mine?key=1&${query}&openid=o%2B1`,
        headers: { 'x-custom': 'c', 'content-type': 'text/xml' },
      },
    ]);
    expect(behind.requests[0]?.body).toEqual(body);
    expect((await serving.first(2))[1]).toMatchObject({
      type: 'reply',
      status: 418,
      msg_type: null,
      upstream: { status: 418 },
      user_sees: 'unavailable',
    });
  });

  test('judges what comes back, and leaves it as it is', async () => {
    const behind = await upstream((response) => response.end('\n<xml></xml>'));
    const serving = await startServing(['--mode', 'plain', '--forward-to', behind.url]);
    expect(await (await send(serving, messageOf('a'))).text()).toBe('\n<xml></xml>');
    const { problems } = (await serving.first(2))[1] as unknown as { problems: readonly { rule: string }[] };
    expect(problems.map(({ rule }) => rule)).toContain('before-xml');
  });

  test('tells with --debug what came in, what was passed on, and what came back', async () => {
    const behind = await upstream((response) => response.end('success'));
    const serving = await startServing(['--mode', 'plain', '--debug', '--forward-to', behind.url]);
    await send(serving, messageOf('你好'));
    serving.stop();
    const { stderr } = await serving.ended;
    for (const address of ['/wechat?', `${behind.url}&`]) {
      expect(stderr).toContain(`> POST ${address}signature=`);
    }
    expect(stderr.match(/你好/g)).toHaveLength(2);
    expect(stderr.match(/^< 200$/gm)).toHaveLength(2);
    expect(stderr.match(/^< success$/gm)).toHaveLength(2);
  });

  test('says 502 and why when nobody listens behind', async () => {
    const gone = await startServing(['--mode', 'plain', '--forward-to', 'http://127.0.0.1:1/wechat']);
    const response = await send(gone, messageOf('a'));
    expect([response.status, await response.text()]).toEqual([502, '']);
    expect((await gone.first(2))[1]).toMatchObject({
      status: 502,
      upstream: { status: null, error: expect.any(String) as string },
    });
  });

  test('excludes answers of its own', async () => {
    const words = ['serve', '--port', '0', '--forward-to', 'http://127.0.0.1:1/', '--reply', 'echo'];
    expect(await runHere(words, { env: accountEnvironment })).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('serve --record, --delay and --public-url', () => {
  test('keeps requests as they came, with the answer and the message in the clear', async () => {
    const folder = path.join(temporaryFolder(), 'a', 'b');
    const serving = await startServing(['--mode', 'safe', '--record', folder]);
    const crypt = othersCrypt();
    const message = messageOf('你好');
    const encrypt = crypt.encrypt(message);
    const query = String(signedQuery(encrypt));
    const response = await fetch(`${serving.url}?${query}`, { method: 'POST', body: envelopeOf(encrypt) });
    const [name = '', ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(name).toMatch(/^\d{8}T\d{9}Z-000001-text\.json$/);
    const kept = parseRecording(readFileSync(path.join(folder, name), 'utf8'), name);
    expect(kept).toMatchObject({
      method: 'POST',
      path: '/wechat',
      query,
      message,
      response: { status: 200 },
    });
    expect(Buffer.from(kept.body).toString()).toBe(envelopeOf(encrypt));
    expect(Buffer.from(kept.response.body).toString()).toBe(await response.text());
  });

  test('answers no sooner than the delay', async () => {
    const serving = await startServing(['--mode', 'plain', '--delay', '80ms']);
    expect((await send(serving, messageOf('a'))).status).toBe(200);
    expect((await serving.first(2))[1]?.['ms']).toBeGreaterThanOrEqual(79);
  });

  test('says what to enter in the console, with the path of the server', async () => {
    const serving = await startServing(['--mode', 'safe', '--public-url', 'https://a.example.com']);
    serving.stop();
    const { stdout, stderr } = await serving.ended;
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({
      type: 'ready',
      url: serving.url,
      public_url: 'https://a.example.com/wechat',
      mode: 'safe',
    });
    expect(stderr).toContain('服务器配置): URL https://a.example.com/wechat, 安全模式');
  });

  test('warns of plain mode where strangers can come, and takes ports 80 and 443 only', async () => {
    const serving = await startServing(['--mode', 'plain', '--public-url', 'https://a.example.com/x']);
    serving.stop();
    expect((await serving.ended).stderr).toContain(
      '! In plain mode the signature does not cover the message',
    );
    const words = ['serve', '--port', '0', '--public-url', 'https://a.example.com:8443/x'];
    const refused = await runHere(words, { env: accountEnvironment });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('WeChat calls port 80 or 443 only, got 8443');
  });
});

describe('serve among strangers', () => {
  const uniform = /^HTTP\/1\.1 (4\d\d) [^\r]+\r\n/;

  test('gives one answer, byte for byte, to every kind of forgery', async () => {
    const serving = await startServing(['--mode', 'safe']);
    const target = serving.target;
    const answers = new Set<string>();
    const kinds = Object.values(attacks(target));
    expect(kinds).toHaveLength(10);
    for (const kind of kinds) {
      for (let count = 0; count < 5; count += 1)
        answers.add(withoutDate(await exchangeBytes(target.port, kind())));
    }
    expect([...answers]).toEqual([
      'HTTP/1.1 403 Forbidden\r\nx-content-type-options: nosniff\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 0\r\nConnection: close\r\n\r\n',
    ]);
  });

  test('runs once for four deliveries, and refuses an old and a future one', async () => {
    const serving = await startServing(['--mode', 'safe']);
    const target = serving.target;
    const encrypt = othersCrypt().encrypt(messageOf('once'));
    const bytes = (timestamp?: string): Buffer =>
      postBytes(
        target,
        signedQueryOf(target, encrypt, timestamp === undefined ? {} : { timestamp }),
        envelopeOf(encrypt),
      );
    const crypt = othersCrypt();
    const replies = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const answer = await exchangeBytes(target.port, bytes());
        return crypt.decrypt(element(answer, 'Encrypt') ?? '').message;
      }),
    );
    expect(new Set(replies).size).toBe(1);
    expect(element(replies[0] ?? '', 'Content')).toBe('once');
    const seconds = Math.floor(Date.now() / 1000);
    for (const timestamp of [seconds - 310, seconds + 310])
      expect(await exchangeBytes(target.port, bytes(String(timestamp)))).toMatch(/^HTTP\/1\.1 403 /);
    const repeated = (await serving.first(10))
      .filter(({ type }) => type === 'message')
      .map((event) => event['repeated']);
    expect(repeated.toSorted()).toEqual([false, true, true, true]);
  });

  test('refuses every bad document, and reads heavy ones quickly', async () => {
    const serving = await startServing(['--mode', 'plain']);
    const target = serving.target;
    for (const [name, body] of Object.entries(hostileXml())) {
      const answer = await exchangeBytes(target.port, postBytes(target, signedQueryOf(target), body));
      expect(answer, name).toMatch(/^HTTP\/1\.1 403 /);
    }
    for (const [name, body] of Object.entries(heavyXml())) {
      const answer = await exchangeBytes(target.port, postBytes(target, signedQueryOf(target), body));
      expect(answer, name).toMatch(/^HTTP\/1\.1 200 /);
    }
  });

  test('stays alive and honest through garbage, half-closed connections and huge bodies', async () => {
    const serving = await spawnServing(['--mode', 'plain']);
    const target = serving.target;
    const honest = async (id: number): Promise<void> => {
      const bytes = postBytes(target, signedQueryOf(target), messageOf(`honest ${id}`, 9000 + id));
      expect(element(await exchangeBytes(target.port, bytes), 'Content')).toBe(`honest ${id}`);
    };
    let id = 0;
    for (const [name, bytes] of Object.entries(garbage(target))) {
      const answer = await exchangeBytes(target.port, bytes, { halfClose: true });
      expect(answer === '' || uniform.test(answer), `${name}: ${answer.slice(0, 80)}`).toBe(true);
      await honest((id += 1));
    }
    const declared = `POST /wechat?${signedQueryOf(target)} HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n\r\n`;
    expect(await exchangeBytes(target.port, Buffer.from(declared))).toMatch(/^HTTP\/1\.1 413 /);
    expect(
      await exchangeBytes(target.port, postBytes(target, signedQueryOf(target), Buffer.alloc(10 << 20))),
    ).toMatch(/^(?:HTTP\/1\.1 413 |$)/);
    await honest((id += 1));
    expect(serving.child.exitCode).toBeNull();
    const refused = serving.events.filter(({ type }) => type === 'refused');
    expect(refused).toContainEqual(expect.objectContaining({ status: 400, method: null }));
    expect(refused).toContainEqual(
      expect.objectContaining({ status: 413, method: 'POST', reason: 'body_too_large' }),
    );
  });
});
