// What `serve` costs: requests per second as ratios to a bare node:http server, measured in turns on the same machine.
// And the crypto core: verify, decrypt, encrypt and sign 1 KB, as a ratio to the same calls of node:crypto in a loop.
import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { rolldown } from 'rolldown';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../bin/wechat-mp.js', import.meta.url));
const account = {
  appId: 'wxba5fad812f8e6fb9',
  token: 'AAAAA',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
};
const connections = 50;

/** Answers every request with one fixed text, and does nothing else. */
const bareServer = `
  const server = require('node:http').createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 19 });
    response.end('4375120948345356249');
  });
  server.listen(0, '127.0.0.1', () => {
    const [, file] = process.argv.slice(-2);
    require('node:fs').writeFileSync(file + '.new', JSON.stringify({ url: 'http://127.0.0.1:' + server.address().port }));
    require('node:fs').renameSync(file + '.new', file);
  });
`;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const sha1 = (parts) => createHash('sha1').update(parts.toSorted().join('')).digest('hex');

/** Rows of `npm run bench`: `{name, ratio, target}`; a larger ratio is better. */
export async function measureServer({ rounds = 5, milliseconds = 1000 } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'wechat-mp-bench-'));
  const serve = async (mode) => await start([command, 'serve', '--port', '0', '--mode', mode], folder);
  const bare = await start(['-e', bareServer, '--'], folder);
  const servers = { plain: await serve('plain'), safe: await serve('safe') };
  const rows = [
    { name: 'handshake GET', mode: 'plain', target: 0.7, make: handshakes },
    { name: 'echo, plain text', mode: 'plain', target: 0.28, make: plainMessages },
    { name: 'echo, safe mode', mode: 'safe', target: 0.18, make: safeMessages },
  ];
  try {
    for (const row of rows) {
      const ratios = [];
      for (let round = 0; round <= rounds; round += 1) {
        const floor = await load(bare.port, handshakes(), milliseconds);
        const rate = await load(servers[row.mode].port, row.make(), milliseconds);
        // The first round warms both up.
        if (round > 0) ratios.push(rate / floor);
        row.rate = Math.round(rate);
      }
      row.ratio = median(ratios);
      row.detail = `${row.rate} requests/s`;
    }
  } finally {
    for (const { child } of [bare, ...Object.values(servers)]) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

/** Starts a server that writes its address to a file; its log goes nowhere. */
async function start(words, folder) {
  const readyFile = path.join(folder, `${randomBytes(6).toString('hex')}.json`);
  const child = spawn(process.execPath, [...words, '--ready-file', readyFile], {
    env: {
      PATH: process.env.PATH,
      LANG: 'C',
      WECHAT_MP_APPID: account.appId,
      WECHAT_MP_CALLBACK_TOKEN: account.token,
      WECHAT_MP_AES_KEY: account.aesKey,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  while (!existsSync(readyFile)) {
    if (child.exitCode !== null) throw new Error(`a server ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { child, port: Number(new URL(JSON.parse(readFileSync(readyFile, 'utf8')).url).port) };
}

/** Requests per second of an ordinary client, with one request at a time on each of its kept connections. */
export async function load(port, next, milliseconds) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  let done = 0;
  const stopped = new AbortController();
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
    while (!stopped.signal.aborted) {
      await exchange(next());
      done += 1;
    }
  };
  // The client never sleeps: on a virtual machine waking it costs a server as much as the answer, and only servers that
  // leave it time to sleep would pay.
  const spin = () => void (stopped.signal.aborted || setImmediate(spin));
  spin();
  const started = process.hrtime.bigint();
  const clients = Array.from({ length: connections }, client);
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  stopped.abort();
  const rate = done / (Number(process.hrtime.bigint() - started) / 1e9);
  await Promise.all(clients);
  agent.destroy();
  return rate;
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
  return `<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName>\n<FromUserName><![CDATA[o9AgO5Kd5ggOC-bXrbNODIiE3bGY]]></FromUserName>\n<CreateTime>1714037059</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[this is a test]]></Content>\n<MsgId>${lastId}</MsgId>\n</xml>`;
}

function handshakes() {
  const request = get(`${query()}&echostr=4375120948345356249`);
  return () => request;
}

function plainMessages() {
  const parameters = query();
  return () => post(parameters, nextMessage());
}

/** Prepared before the clock runs: the client's own encrypting must not be measured. */
function safeMessages() {
  const key = Buffer.from(`${account.aesKey}=`, 'base64');
  const requests = Array.from({ length: 12_000 }, () => {
    const encrypt = encryptDirectly(key, key.subarray(0, 16), Buffer.from(nextMessage()), account.appId);
    const envelope = `<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`;
    return post(query(encrypt), envelope);
  });
  let used = 0;
  return () => {
    if (used === requests.length) throw new Error('too few encrypted messages were prepared');
    return requests[used++];
  };
}

function encryptDirectly(key, iv, text, appId, random = randomBytes(16)) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const plain = Buffer.concat([random, length, text, Buffer.from(appId)]);
  const pad = 32 - (plain.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  return Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(pad, pad)),
    cipher.final(),
  ]).toString('base64');
}

/** The crypto core as it is built, against the same steps written straight down. */
export async function measureCrypto() {
  const { decodeEncodingAESKey, decryptMessage, encryptMessage, signMessage, verifySignature } =
    await buildCore();
  const { appId, token, aesKey } = account;
  const bytes = Buffer.from(`${aesKey}=`, 'base64');
  const direct = { key: createSecretKey(bytes), iv: bytes.subarray(0, 16) };
  const ours = decodeEncodingAESKey(aesKey);
  const random = randomBytes(16);
  const text = 'x'.repeat(1024);
  const encrypt = encryptDirectly(direct.key, direct.iv, Buffer.from(text), appId, random);
  const signature = sha1([token, '1714112445', '415670741', encrypt]);

  const runOurs = () => {
    if (!verifySignature(signature, signMessage(token, '1714112445', '415670741', encrypt)))
      throw new Error();
    const message = decryptMessage({ encrypt, appId, key: ours });
    const sealed = encryptMessage({ message, appId, key: ours, random16: random });
    return signMessage(token, '1714112445', '415670741', sealed);
  };
  const runDirect = () => {
    if (sha1([token, '1714112445', '415670741', encrypt]) !== signature) throw new Error();
    const decipher = createDecipheriv('aes-256-cbc', direct.key, direct.iv).setAutoPadding(false);
    const plain = Buffer.concat([decipher.update(encrypt, 'base64'), decipher.final()]);
    const length = plain.readUInt32BE(16);
    const message = plain.toString('utf8', 20, 20 + length);
    if (plain.toString('utf8', 20 + length, plain.length - plain.at(-1)) !== appId) throw new Error();
    const sealed = encryptDirectly(direct.key, direct.iv, Buffer.from(message), appId, random);
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
  return {
    name: 'crypto core, 1 KB',
    ratio: median(theirs) / median(mine),
    target: 0.9,
    detail: `${median(mine).toFixed(1)} µs`,
  };
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
