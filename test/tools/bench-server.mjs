// What `serve` costs: processor time per request, as ratios to a bare node:http server and to the middlewares `wechat` and
// `co-wechat`, which get the same requests in turns. The least of several rounds counts: other work only ever adds to it.
// And the crypto core: verify, decrypt, encrypt and sign 1 KB, as a ratio to the same calls of node:crypto in a loop.
import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { rolldown } from 'rolldown';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const beside = (name) => fileURLToPath(new URL(name, import.meta.url));
const command = beside('../../bin/wechat-mp.js');
const account = {
  appId: 'wxba5fad812f8e6fb9',
  token: 'AAAAA',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
};
const [original, person, content] = ['gh_97417a04a28d', 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY', 'this is a test'];
const echostr = '4375120948345356249';
const connections = 50;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const sha1 = (parts) => createHash('sha1').update(parts.toSorted().join('')).digest('hex');

/** What servers are asked, and how many times the processor time of another one `serve` may take. */
const kinds = [
  { name: 'handshake GET', mode: 'plain', make: handshakes, targets: { bare: 1.5, wechat: 1 } },
  { name: 'plain message', mode: 'plain', make: plainMessages, targets: { bare: 2, wechat: 0.7 } },
  { name: 'compatible mode', mode: 'compat', make: compatibleMessages, targets: { bare: 4, wechat: 0.7 } },
  { name: 'safe mode', mode: 'safe', make: safeMessages, targets: { bare: 4, wechat: 0.7 } },
];
const peers = ['bare', 'wechat', 'co-wechat'];
/** MiB of `serve` in plain mode. On newer versions of Node a bare server has 15 more, too. */
const memoryTarget = Number.parseInt(process.versions.node, 10) < 22 ? 80 : 90;

/** Rows of `npm run bench`: `{name, isMet, text}`. */
export async function measureServer({ rounds = 5, requests = 1700 } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'wechat-mp-bench-'));
  const servers = {};
  try {
    for (const peer of peers) servers[peer] = await start(peerWords(peer), folder);
    for (const mode of ['plain', 'compat', 'safe'])
      servers[mode] = await start([command, 'serve', '--port', '0', '--mode', mode, '--ready-file'], folder);
    const rows = [];
    for (const kind of kinds) rows.push(rowOf(kind, await measureKind(kind, servers, rounds, requests)));
    const memory = (await usageOf(servers.plain)).peakKiB / 1024;
    const text = `${memory.toFixed(0)} MiB (≤ ${memoryTarget})`;
    return [...rows, { name: 'peak memory', isMet: memory <= memoryTarget, text }];
  } finally {
    for (const { child } of Object.values(servers)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

const peerWords = (name) => [
  beside('bench-peers.cjs'),
  name,
  JSON.stringify({ token: account.token, appid: account.appId, encodingAESKey: account.aesKey }),
];

/** The least microseconds per request by server. The first round warms all up. */
async function measureKind({ mode, make }, servers, rounds, requests) {
  const names = [...peers, mode];
  for (const name of names) if (name !== 'bare') await checkReply(servers[name].port, make(1)());
  const least = {};
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const next = make(requests);
      const before = await usageOf(servers[name]);
      await exchangeAll(servers[name].port, next, requests);
      const after = await usageOf(servers[name]);
      const each = ((after.cpuMs - before.cpuMs) * 1000) / requests;
      if (round > 0) least[name] = Math.min(least[name] ?? Infinity, each);
    }
  }
  const { [mode]: ours, ...others } = least;
  return { ours, others };
}

function rowOf({ name, targets }, { ours, others }) {
  const ratios = Object.entries(others).map(([peer, least]) => {
    const target = targets[peer] === undefined ? '' : ` (≤ ${targets[peer]})`;
    return `${(ours / least).toFixed(2)} × ${peer}${target}`;
  });
  const isMet = Object.entries(targets).every(([peer, target]) => ours <= target * others[peer]);
  return { name, isMet, text: `${ratios.join(', ')}  ${ours.toFixed(1)} µs` };
}

async function usageOf({ child }) {
  child.send('usage');
  const [usage] = await once(child, 'message');
  return usage;
}

/** Starts a server that writes its address to the file that is its last word; its log goes nowhere. */
async function start(words, folder) {
  const readyFile = path.join(folder, `${randomBytes(6).toString('hex')}.json`);
  const child = spawn(process.execPath, ['--require', beside('bench-usage.cjs'), ...words, readyFile], {
    env: {
      PATH: process.env.PATH,
      LANG: 'C',
      WECHAT_MP_APPID: account.appId,
      WECHAT_MP_CALLBACK_TOKEN: account.token,
      WECHAT_MP_AES_KEY: account.aesKey,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  while (!existsSync(readyFile)) {
    if (child.exitCode !== null) throw new Error(`a server ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { child, port: Number(new URL(JSON.parse(readFileSync(readyFile, 'utf8')).url).port) };
}

/** A server that answers wrongly is not worth measuring: each must return what came, sealed as it came. */
async function checkReply(port, { method, path: target, body }) {
  const request = method === 'GET' ? {} : { method, body };
  const answer = await (await fetch(`http://127.0.0.1:${port}${target}`, request)).text();
  const expect = (what, found, wanted) => {
    if (found !== wanted) throw new Error(`${what} must be ${wanted}, got ${found} in ${answer}`);
  };
  if (method === 'GET') {
    expect('echostr', answer, echostr);
    return;
  }
  const field = (text, name) =>
    new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`, 's').exec(text)?.[1];
  const encrypt = field(answer, 'Encrypt');
  expect('encryption', encrypt !== undefined, body.includes('<Encrypt>'));
  if (encrypt !== undefined) {
    const signed = [account.token, field(answer, 'TimeStamp'), field(answer, 'Nonce'), encrypt];
    expect('MsgSignature', field(answer, 'MsgSignature'), sha1(signed));
  }
  const reply = encrypt === undefined ? answer : decryptDirectly(encrypt);
  expect('ToUserName', field(reply, 'ToUserName'), person);
  expect('FromUserName', field(reply, 'FromUserName'), original);
  expect('MsgType', field(reply, 'MsgType'), 'text');
  expect('Content', field(reply, 'Content'), content);
}

/** Sends so many requests. */
async function exchangeAll(port, next, count) {
  let left = count;
  await keepAsking(port, () => (left-- > 0 ? next() : undefined));
}

/** Requests per second of an ordinary client, with one request at a time on each of its kept connections. */
export async function load(port, next, milliseconds) {
  let isOver = false;
  let done = 0;
  const started = process.hrtime.bigint();
  const asked = keepAsking(
    port,
    () => (isOver ? undefined : next()),
    () => (done += 1),
  );
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  isOver = true;
  const rate = done / (Number(process.hrtime.bigint() - started) / 1e9);
  await asked;
  return rate;
}

/** Asks on each connection until `next` has no more requests. */
async function keepAsking(port, next, onDone = () => {}) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const exchange = ({ method, path: target, body, headers: more }) =>
    new Promise((resolve, reject) => {
      const described = body === '' ? {} : { 'content-type': 'text/xml', 'content-length': body.length };
      const headers = { ...described, ...more };
      const options = { host: '127.0.0.1', port, method, path: target, agent, headers };
      const request = http.request(options, (response) => {
        if (response.statusCode !== 200) reject(new Error(`a server answered ${response.statusCode}`));
        response.resume().on('end', resolve).on('error', reject);
      });
      request.on('error', reject);
      request.end(body);
    });
  const client = async () => {
    for (let request = next(); request !== undefined; request = next()) {
      await exchange(request);
      onDone();
    }
  };
  let isOver = false;
  // The client never sleeps: on a virtual machine waking it costs a server as much as the answer, and only servers that
  // leave it time to sleep would pay.
  const spin = () => void (isOver || setImmediate(spin));
  spin();
  try {
    await Promise.all(Array.from({ length: connections }, client));
  } finally {
    isOver = true;
    agent.destroy();
  }
}

function query(encrypt) {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = '1514711492';
  const parameters = { signature: sha1([account.token, timestamp, nonce]), timestamp, nonce };
  if (encrypt !== undefined)
    Object.assign(parameters, {
      encrypt_type: 'aes',
      msg_signature: sha1([account.token, timestamp, nonce, encrypt]),
    });
  return new URLSearchParams(parameters);
}

const get = (parameters) => ({ method: 'GET', path: `/wechat?${parameters}`, body: '' });
const post = (parameters, body) => ({ method: 'POST', path: `/wechat?${parameters}`, body });

let lastId = 24534963034417920n;
function nextMessage() {
  lastId += 1n;
  return `<xml><ToUserName><![CDATA[${original}]]></ToUserName>\n<FromUserName><![CDATA[${person}]]></FromUserName>\n<CreateTime>1714037059</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[${content}]]></Content>\n<MsgId>${lastId}</MsgId>\n</xml>`;
}

function handshakes() {
  const request = get(`${query()}&echostr=${echostr}`);
  return () => request;
}

function plainMessages() {
  const parameters = query();
  return () => post(parameters, nextMessage());
}

function safeMessages(count) {
  const recipient = `<ToUserName><![CDATA[${original}]]></ToUserName>`;
  return encryptedMessages(count, (encrypt) => `<xml>${recipient}${encrypt}</xml>`);
}

function compatibleMessages(count) {
  return encryptedMessages(count, (encrypt, message) => message.replace('</xml>', `${encrypt}\n</xml>`));
}

/** Prepared before the clock runs: the client's own encrypting takes time from the server on a machine of few cores. */
function encryptedMessages(count, envelope) {
  const requests = Array.from({ length: count }, () => {
    const message = nextMessage();
    const encrypt = encryptDirectly(message);
    return post(query(encrypt), envelope(`<Encrypt><![CDATA[${encrypt}]]></Encrypt>`, message));
  });
  return () => requests.pop();
}

const keyBytes = Buffer.from(`${account.aesKey}=`, 'base64');
const [directKey, directIv] = [createSecretKey(keyBytes), keyBytes.subarray(0, 16)];

function encryptDirectly(text, random = randomBytes(16)) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(text));
  const plain = Buffer.concat([random, length, Buffer.from(text), Buffer.from(account.appId)]);
  const pad = 32 - (plain.length % 32);
  const cipher = createCipheriv('aes-256-cbc', directKey, directIv).setAutoPadding(false);
  return Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(pad, pad)),
    cipher.final(),
  ]).toString('base64');
}

/** The message alone; the AppID must be right. */
function decryptDirectly(encrypt) {
  const decipher = createDecipheriv('aes-256-cbc', directKey, directIv).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(encrypt, 'base64'), decipher.final()]);
  const end = 20 + plain.readUInt32BE(16);
  if (plain.toString('utf8', end, plain.length - plain.at(-1)) !== account.appId)
    throw new Error('encrypted for another AppID');
  return plain.toString('utf8', 20, end);
}

/** The crypto core as it is built, against the same steps written straight down. */
export async function measureCrypto() {
  const { decodeEncodingAESKey, decryptMessage, encryptMessage, signMessage, verifySignature } =
    await buildCore();
  const { appId, token, aesKey } = account;
  const ours = decodeEncodingAESKey(aesKey);
  const random = randomBytes(16);
  const message = 'x'.repeat(1024);
  const encrypt = encryptDirectly(message, random);
  const signature = sha1([token, '1714112445', '415670741', encrypt]);

  const runOurs = () => {
    if (!verifySignature(signature, signMessage(token, '1714112445', '415670741', encrypt)))
      throw new Error();
    const opened = decryptMessage({ encrypt, appId, key: ours });
    const sealed = encryptMessage({ message: opened, appId, key: ours, random16: random });
    return signMessage(token, '1714112445', '415670741', sealed);
  };
  const runDirect = () => {
    if (sha1([token, '1714112445', '415670741', encrypt]) !== signature) throw new Error();
    const sealed = encryptDirectly(decryptDirectly(encrypt), random);
    return sha1([token, '1714112445', '415670741', sealed]);
  };
  if (runOurs() !== runDirect()) throw new Error('the two loops do not agree');

  const time = (work, count = 4000) => {
    const started = process.hrtime.bigint();
    for (let index = 0; index < count; index += 1) work();
    return Number(process.hrtime.bigint() - started) / count / 1000;
  };
  const [mine, theirs] = [[], []];
  for (let round = 0; round < 11; round += 1) {
    theirs.push(time(runDirect));
    mine.push(time(runOurs));
  }
  const ratio = median(theirs) / median(mine);
  const text = `${ratio.toFixed(2)} × the same calls of node:crypto (≥ 0.9)  ${median(mine).toFixed(1)} µs`;
  return { name: 'crypto core, 1 KB', isMet: ratio >= 0.9, text };
}

async function buildCore() {
  const folder = mkdtempSync(path.join(tmpdir(), 'wechat-mp-bench-'));
  try {
    const bundle = await rolldown({
      input: {
        crypto: 'src/core/callback/message-crypto.ts',
        signature: 'src/core/callback/message-signature.ts',
      },
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      platform: 'node',
    });
    await bundle.write({ dir: folder, format: 'cjs', exports: 'named', minify: true });
    await bundle.close();
    const require = createRequire(import.meta.url);
    return { ...require(path.join(folder, 'crypto.js')), ...require(path.join(folder, 'signature.js')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
