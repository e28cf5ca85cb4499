/** The relay as its own process under full loads: a cold start, hostile requests, uploads, a thousand clients, two relays. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../helpers/command.ts';
import { startCountingPlatform } from '../helpers/counting-platform.ts';
import { hostileRequests, mutated } from '../helpers/hostile-relay.ts';
import { runHere } from '../helpers/in-process.ts';
import { listening } from '../helpers/listening.ts';
import { startRedis } from '../helpers/redis.ts';
import { besiege, besiegedClients, expectClean, startOtherHost, targetOf } from '../helpers/relay-siege.ts';
import { keyFile, keyOf, spawnRelay, type RelayProcess } from '../helpers/relay-command.ts';
import { repeat, report } from './figures.ts';

const harmless = '/cgi-bin/getcallbackip';
/** Who polls waits for as long as it takes; the test has its own end. */
const patient = { timeout: 120_000 };

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly tookMs: number;
}

interface Ask {
  readonly key?: string;
  readonly body?: string;
  readonly agent?: http.Agent;
}

/** One exchange on a connection of its own unless an agent keeps them; rejects where there is no answer. */
function ask(url: string, { key, body, agent }: Ask = {}): Promise<Answer> {
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const headers = {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
    };
    const method = body === undefined ? 'GET' : 'POST';
    const request = http.request(url, { method, headers, agent: agent ?? false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Answer['body'],
          tookMs: performance.now() - startedMs,
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** As a library asks for its token. */
const askToken = (url: string, appid: string, key: string, agent?: http.Agent): Promise<Answer> =>
  ask(`${url}/cgi-bin/stable_token`, {
    body: JSON.stringify({ grant_type: 'client_credential', appid, secret: key }),
    ...(agent === undefined ? {} : { agent }),
  });

/** Mebibytes of memory that a process has in use. */
function memoryOf({ child }: RelayProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

const wait = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));
const named = (count: number, prefixes: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`client${index}`, prefixes]));

test('200 clients on a cold relay cause one token request and get one token', async () => {
  const platform = await startCountingPlatform();
  const relay = await spawnRelay(platform.env, keyFile(named(200, '/token,/cgi-bin')));
  const keys = Object.keys(named(200, '')).map(keyOf);
  const answers = await Promise.all(keys.map((key) => ask(`${relay.url}/token`, { key })));
  expect(new Set(answers.map(({ body }) => body['access_token']))).toEqual(new Set([platform.token]));
  expect(platform.tokenRequests()).toBe(1);
  report(
    '200 clients, real token',
    answers.map(({ tookMs }) => tookMs),
  );

  const cold = await spawnRelay(platform.env, keyFile(named(200, '/token,/cgi-bin')));
  const calls = await Promise.all(keys.map((key) => ask(cold.url + harmless, { key })));
  expect(new Set(calls.map(({ status }) => status))).toEqual(new Set([200]));
  expect(platform.tokenRequests()).toBe(2);
});

describe('a relay that is killed', () => {
  const via = (relay: RelayProcess, appid: string) => ({
    HOME: temporaryFolder(),
    WECHAT_MP_VIA: relay.url,
    WECHAT_MP_VIA_KEY: keyOf('ci'),
    WECHAT_MP_APPID: appid,
  });

  test('is named by every command that comes later', async () => {
    const platform = await startCountingPlatform();
    const relay = await spawnRelay(platform.env, keyFile({ ci: '' }));
    const env = via(relay, platform.appid);
    expect(await runHere(['api', harmless], { env })).toMatchObject({ code: 0 });
    relay.child.kill('SIGKILL');
    await new Promise((resolve) => relay.child.once('close', resolve));
    const { code, stdout, stderr } = await runHere(['api', harmless, '--json'], { env });
    expect([code, stdout]).toEqual([5, '']);
    const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: { type: string } };
    expect(error.type).toMatch(/^relay_/);
    expect(stderr).not.toContain(keyOf('ci'));
    expect(platform.seen.filter(({ target }) => target.startsWith(harmless))).toHaveLength(1);
  });

  test('is named by the command whose call was under way, which is not repeated', async () => {
    const platform = await startCountingPlatform();
    const relay = await spawnRelay(platform.env, keyFile({ ci: '' }));
    platform.hold();
    const command = ['api', 'POST', '/cgi-bin/tags/create', '-f', 'tag[name]=vip', '--json'];
    const running = runHere(command, { env: via(relay, platform.appid) });
    const created = () => platform.seen.filter(({ target }) => target.startsWith('/cgi-bin/tags/create'));
    await expect.poll(() => created().length, patient).toBe(1);
    relay.child.kill('SIGKILL');
    const { code, stderr } = await running;
    expect(code).toBe(5);
    const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: { type: string } };
    expect(error.type).toMatch(/^relay_/);
    expect(created()).toHaveLength(1);
  });
});

test('a key without the right is refused, and the log says whose it was', async () => {
  const platform = await startCountingPlatform();
  const relay = await spawnRelay(platform.env, keyFile({ menus: '/cgi-bin/menu' }));
  const { status, body } = await ask(relay.url + harmless, { key: keyOf('menus') });
  expect([status, body]).toMatchObject([403, { errcode: 48001, error: { type: 'relay_forbidden' } }]);
  await expect
    .poll(() => relay.lines(), patient)
    .toContainEqual(
      expect.objectContaining({ client: 'menus', path: harmless, status: 403, relay: 'relay_forbidden' }),
    );
  expect(platform.seen.filter(({ target }) => target.startsWith(harmless))).toEqual([]);
});

test('of ten thousand hostile requests none reaches another host, ends the relay or brings a secret out', async () => {
  const [platform, other] = [await startCountingPlatform(), await startOtherHost()];
  const { file, preload } = recorder();
  const relay = await spawnRelay({ ...platform.env, ...preload }, keyFile(besiegedClients));
  const target = await targetOf(relay, platform, other);
  const requests = hostileRequests(target);
  const bent = mutated(requests, 1);
  const honest = async (): Promise<void> => {
    expect(await ask(relay.url + harmless, { key: target.key })).toMatchObject({ status: 200 });
  };

  function* all() {
    // Each as it is ten times, in case the order matters; the rest of the ten thousand is bent.
    for (let round = 0; round < 10; round += 1) yield* requests;
    for (let sent = 10 * requests.length; sent < 10_000; sent += 1) yield bent.next().value;
  }
  // The first ones are for the memory that it takes at all.
  await besiege(relay, platform, [...requests, ...repeat(2000, () => bent.next().value)], 20);
  await honest();
  const before = memoryOf(relay);
  const statuses = await besiege(relay, platform, all(), 20);
  await honest();
  await wait(2000);
  const after = memoryOf(relay);
  console.log(
    `hostile: ${JSON.stringify(statuses)}, RSS ${before.toFixed(0)} MiB, after ${after.toFixed(0)}`,
  );
  expect(Object.values(statuses).reduce((sum, count) => sum + count)).toBe(10_000);
  expect(relay.child.exitCode).toBeNull();
  expect(other.connections()).toBe(0);
  await expectClean(relay, platform, target);
  const reached = new Set(readFileSync(file, 'utf8').trim().split('\n'));
  // Node looks up the address that a server listens on, too.
  reached.delete('lookup 127.0.0.1');
  expect(reached).toEqual(new Set([`connect 127.0.0.1:${platform.port}`]));
  expect(platform.tokenRequests()).toBe(1);
  expect(after - before).toBeLessThanOrEqual(40);
});

/** Notes every host that a process connects to, and every name that it looks up. */
function recorder() {
  const folder = temporaryFolder();
  const [file, code] = [path.join(folder, 'reached'), path.join(folder, 'recorder.cjs')];
  appendFileSync(file, '');
  writeFileSync(
    code,
    `const [net, dns, fs] = ['net', 'dns', 'fs'].map((name) => require('node:' + name));
    const note = (line) => fs.appendFileSync(${JSON.stringify(file)}, line + '\\n');
    const { connect } = net.Socket.prototype;
    net.Socket.prototype.connect = function (...words) {
      const [first] = Array.isArray(words[0]) ? words[0] : words;
      note('connect ' + (first.path ?? first.host + ':' + first.port));
      return connect.apply(this, words);
    };
    for (const [name, call] of Object.entries(dns).filter(([name]) => /^(lookup|resolve)/.test(name)))
      dns[name] = (...words) => (note(name + ' ' + words[0]), call(...words));
    for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) {
      const call = dns.promises[name];
      dns.promises[name] = (...words) => (note(name + ' ' + words[0]), call(...words));
    }`,
  );
  return { file, preload: { NODE_OPTIONS: `--require ${code}` } };
}

describe('uploads', () => {
  const size = 10 << 20;
  const boundary = 'x'.repeat(40);
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="media"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const piece = Buffer.alloc(64 * 1024, 0x61);
  const total = head.length + size + tail.length;

  interface Upload {
    /** Bytes that the relay has taken. */
    readonly sent: () => number;
    readonly status: Promise<number>;
  }

  function upload(url: string, isChunked: boolean): Upload {
    const headers = {
      authorization: `Bearer ${keyOf('ci')}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      ...(isChunked ? {} : { 'content-length': total }),
    };
    const target = `${url}/cgi-bin/media/upload?type=image`;
    const request = http.request(target, { method: 'POST', agent: false, headers });
    const status = new Promise<number>((resolve, reject) => {
      request.on('response', (response) => resolve(response.resume().statusCode ?? 0));
      request.on('error', reject);
    });
    let left = size / piece.length;
    const write = (): void => {
      while (left > 0) {
        left -= 1;
        if (!request.write(piece)) return void request.once('drain', write);
      }
      request.end(tail);
    };
    request.write(head);
    write();
    return { sent: () => request.socket?.bytesWritten ?? 0, status };
  }

  test.each([
    ['with their length', false],
    ['in chunks', true],
  ])('50 of 10 MB at once, %s, pass in bounded memory', async (_how, isChunked) => {
    const platform = await startCountingPlatform();
    const relay = await spawnRelay(platform.env, keyFile({ ci: '' }));
    expect(await upload(relay.url, isChunked).status).toBe(200);
    const before = memoryOf(relay);
    let peak = before;
    const sampling = setInterval(() => (peak = Math.max(peak, memoryOf(relay))), 20);
    onTestFinished(() => clearInterval(sampling));
    platform.hold();
    const uploads = repeat(50, () => upload(relay.url, isChunked));
    const uploaded = () => platform.seen.filter(({ target }) => target.startsWith('/cgi-bin/media/upload'));
    await expect.poll(() => uploaded().length, patient).toBe(51);
    // A platform that does not read: what has been sent by now lies in the kernels, or in the relay.
    await wait(2000);
    const sent = uploads.reduce((sum, each) => sum + each.sent(), 0);
    console.log(
      `held: ${(sent / 2 ** 20).toFixed(0)} MiB on their way, RSS ${memoryOf(relay).toFixed(0)} MiB`,
    );
    platform.read();
    const statuses = await Promise.all(uploads.map(({ status }) => status));
    clearInterval(sampling);
    console.log(`uploads: RSS ${before.toFixed(0)} MiB, peak ${peak.toFixed(0)}`);
    expect(new Set(statuses)).toEqual(new Set([200]));
    for (const { bytes, headers } of uploaded()) {
      expect(headers).toMatchObject({ 'content-length': String(total) });
      expect(headers).not.toHaveProperty('transfer-encoding');
      expect(bytes).toBe(total);
    }
    // Of 500 MiB that are under way; some of it is what has not been collected yet.
    expect(peak - before).toBeLessThanOrEqual(96);
  });
});

describe('a thousand clients', () => {
  const clients = named(1000, '');
  const keys = Object.keys(clients).map(keyOf);

  test('that each ask once a minute, ten minutes in thirty seconds, wait for nothing', async () => {
    const platform = await startCountingPlatform();
    const relay = await spawnRelay(platform.env, keyFile(clients));
    await ask(relay.url + harmless, { key: keys[0] ?? '' });
    const before = memoryOf(relay);
    const minuteMs = 3000;
    const startMs = performance.now();
    const all = await Promise.all(
      keys.map(async (key, index) => {
        const answers: Answer[] = [];
        for (let minute = 0; minute < 10; minute += 1) {
          const atMs = startMs + (minute + index / keys.length) * minuteMs;
          await wait(Math.max(0, atMs - performance.now()));
          answers.push(await ask(relay.url + harmless, { key }));
        }
        return answers;
      }),
    );
    const answers = all.flat();
    report(
      'a call a minute of 1000 clients, 333 a second',
      answers.map(({ tookMs }) => tookMs),
    );
    console.log(`RSS ${before.toFixed(0)} MiB, after ${memoryOf(relay).toFixed(0)}`);
    expect(answers).toHaveLength(10_000);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(platform.tokenRequests()).toBe(1);
    const times = answers.map(({ tookMs }) => tookMs).toSorted((one, other) => one - other);
    expect(times[Math.floor(times.length / 2)]).toBeLessThan(50);
    expect(memoryOf(relay) - before).toBeLessThanOrEqual(64);
  });

  test('that all ask within a second are all answered', async () => {
    const platform = await startCountingPlatform();
    const relay = await spawnRelay(platform.env, keyFile(clients));
    const startMs = performance.now();
    const tokens = await Promise.all(keys.map((key) => askToken(relay.url, platform.appid, key)));
    const tokensMs = performance.now() - startMs;
    const answers = await Promise.all(keys.map((key) => ask(relay.url + harmless, { key })));
    const tookMs = performance.now() - startMs;
    console.log(`burst: 1000 tokens in ${tokensMs.toFixed(0)} ms, with a call each ${tookMs.toFixed(0)} ms`);
    report(
      'burst, a call',
      answers.map((each) => each.tookMs),
    );
    expect(new Set(tokens.map(({ body }) => body['access_token'])).size).toBe(1000);
    expect(new Set([...tokens, ...answers].map(({ status }) => status))).toEqual(new Set([200]));
    expect(platform.tokenRequests()).toBe(1);
  });
});

test('of two relays on one Redis one dies, and clients miss no more than what it had under way', async (context) => {
  const redis = await startRedis(context);
  const platform = await startCountingPlatform();
  const keys = keyFile(named(20, ''));
  const env = { ...platform.env, WECHAT_MP_STORE: redis.url };
  const relays = [await spawnRelay(env, keys), await spawnRelay(env, keys)] as const;
  const balancer = await startBalancer(relays.map(({ port }) => port));
  const agent = new http.Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());

  let done = 0;
  let isOver = false;
  /** How many of its calls failed; it has one at a time under way. */
  const client = async (key: string): Promise<number> => {
    let lost = 0;
    const { body } = await askToken(balancer, platform.appid, key, agent);
    const token = String(body['access_token']);
    while (!isOver) {
      const { status, body: answer } = await ask(`${balancer}${harmless}?access_token=${token}`, { agent });
      if (status === 200) expect(answer).toMatchObject({ errcode: 0 });
      else lost += 1;
      done += 1;
    }
    return lost;
  };
  const clients = Promise.all(Object.keys(named(20, '')).map((name) => client(keyOf(name))));
  await expect.poll(() => done, patient).toBeGreaterThan(500);
  relays[0].child.kill('SIGKILL');
  const before = done;
  await expect.poll(() => done, patient).toBeGreaterThan(before + 1000);
  isOver = true;
  const lost = await clients;
  console.log(`two relays: ${done} calls, ${lost.reduce((sum, count) => sum + count)} lost by 20 clients`);
  expect(Math.max(...lost)).toBeLessThanOrEqual(1);
  expect(platform.tokenRequests()).toBe(1);
});

/** Passes requests on to several servers in turn; what could not be sent to one that is gone goes to the next. */
async function startBalancer(ports: readonly number[]): Promise<string> {
  const agent = new http.Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  let turn = 0;
  const server = http.createServer((request, response) => {
    const first = (turn += 1);
    const pass = (attempt: number): void => {
      const port = ports[(first + attempt) % ports.length] ?? 0;
      const { method, url, headers } = request;
      const passed = http.request(
        { host: '127.0.0.1', port, method, path: url, headers, agent },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      passed.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED' && attempt < ports.length) pass(attempt + 1);
        else if (response.headersSent) response.destroy();
        else response.writeHead(502).end('{}');
      });
      request.pipe(passed);
    };
    pass(1);
  });
  return `http://127.0.0.1:${await listening(server)}`;
}
