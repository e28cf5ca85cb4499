/** Jobs of pipelines as the pages show them, and what stands between such a job and the simulator: a relay, or a proxy. */
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { expect } from 'vitest';
import { temporaryFolder, type RunningSimulator } from '../helpers/command.ts';
import { listening } from '../helpers/listening.ts';
import { startRelay } from '../helpers/relay-command.ts';
import { selfSigned } from '../helpers/self-signed.ts';

type Variables = Readonly<Record<string, string>>;

export interface Job {
  /** What the job sets by itself. */
  readonly env: Variables;
  /** What a shell runs, one after another. */
  readonly steps: readonly string[];
}

/** A job for GitHub Actions, where `values` are variables and secrets of the repository; or one for GitLab. */
export function parseJob(text: string, values: Variables): Job {
  const job = /^ {2}script:\n/m.test(text) ? parseGitLab(text, values) : parseGitHub(text, values);
  expect(job.steps.length).toBeGreaterThan(1);
  return job;
}

function parseGitHub(text: string, values: Variables): Job {
  const used: string[] = [];
  const filled = text.replaceAll(/\$\{\{ (?:vars|secrets)\.(\w+) \}\}/g, (_, name: string) => {
    used.push(name);
    return values[name] ?? '';
  });
  // A secret that the pipeline has not been given would be empty.
  expect(used.filter((name) => values[name] === undefined)).toEqual([]);
  const env = Array.from(
    filled.matchAll(/^ {6,}([A-Z_]+): (.*)$/gm),
    ([, name = '', value = '']) => [name, value] as const,
  );
  const steps = Array.from(
    filled.matchAll(/^ +(?:- )?run: (?:\|\n((?: {10}.*\n)+)|(.*)\n)/gm),
    ([, lines, line]) => lines ?? line ?? '',
  );
  return { env: Object.fromEntries(env), steps };
}

/** Variables of a project in GitLab reach its jobs by themselves. */
function parseGitLab(text: string, values: Variables): Job {
  const [, script = ''] = /^ {2}script:\n((?: {4}- .*\n)+)/m.exec(text) ?? [];
  return {
    env: values,
    steps: Array.from(script.matchAll(/^ {4}- (.*)$/gm), ([, line = '']) => line),
  };
}

/** What a pipeline has been given, and nothing that it has not: no AppSecret where there is a relay. */
export async function startPipeline(
  text: string,
  simulator: RunningSimulator,
  relayKeys: string,
): Promise<Variables> {
  if (text.includes('HTTPS_PROXY')) return await startProxy(simulator);
  if (text.includes('WECHAT_MP_APPID')) return simulator.env;
  const relay = await startRelay(simulator.env, relayKeys);
  const [, key = ''] = /^ci:([^:\n]+)/m.exec(readFileSync(relayKeys, 'utf8')) ?? [];
  return {
    WECHAT_MP_VIA: `https://localhost:${await startTlsServer(relay.url)}`,
    WECHAT_MP_VIA_KEY: key,
    NODE_EXTRA_CA_CERTS: certificateFile(),
  };
}

/** A proxy that asks for a password, and behind it the simulator under a name that is not of this machine. */
async function startProxy(simulator: RunningSimulator): Promise<Variables> {
  const tlsPort = await startTlsServer(simulator.url, {
    // Tokens of a simulator stay on this machine; to the tool this is another one.
    toServer: (body) => body.replaceAll('50_', 'SIM_'),
    toClient: (body) => body.replaceAll('SIM_', '50_'),
  });
  const proxy = http.createServer();
  proxy.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
    const isAllowed =
      request.url === 'wechat.example:443' &&
      request.headers['proxy-authorization'] === `Basic ${Buffer.from('ci:password').toString('base64')}`;
    if (!isAllowed) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const target = net.connect(tlsPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    for (const each of [socket, target]) each.on('error', () => each.destroy());
  });
  return {
    WECHAT_MP_APPID: simulator.appid,
    WECHAT_MP_APPSECRET: simulator.secret,
    WECHAT_MP_HTTPS_PROXY: `http://ci:password@127.0.0.1:${await listening(proxy)}`,
    WECHAT_MP_API_BASE: 'https://wechat.example',
    NODE_EXTRA_CA_CERTS: certificateFile(),
  };
}

function certificateFile(): string {
  const file = path.join(temporaryFolder(), 'certificate.pem');
  writeFileSync(file, selfSigned.cert);
  return file;
}

interface Rewriting {
  readonly toServer?: (text: string) => string;
  readonly toClient?: (text: string) => string;
}

/** What stands before a server with TLS, as Caddy does; returns its port. */
async function startTlsServer(
  url: string,
  { toServer = (text) => text, toClient = (text) => text }: Rewriting = {},
): Promise<number> {
  const server = https.createServer(selfSigned, (request, response) => {
    void (async () => {
      const body = toServer(await textOf(request));
      const headers = {
        ...request.headers,
        'x-forwarded-for': '203.0.113.7',
        'x-forwarded-proto': 'https',
        'content-length': Buffer.byteLength(body),
      };
      const target = url + toServer(request.url ?? '');
      const passed = http.request(target, { method: request.method, headers }, (answer) => {
        void textOf(answer).then((text) => {
          const { 'content-length': _length, 'transfer-encoding': _encoding, ...rest } = answer.headers;
          response.writeHead(answer.statusCode ?? 502, rest).end(toClient(text));
        });
      });
      passed.on('error', () => response.destroy());
      passed.end(body);
    })();
  });
  return await listening(server);
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** A menu that is not yet there, so that something has to be pushed. */
export function writeNewMenu(folder: string): void {
  menus += 1;
  const button = [{ type: 'click', name: `Menu ${menus}`, key: 'KEY' }];
  writeFileSync(path.join(folder, 'menu.json'), JSON.stringify({ button }));
}
let menus = 0;

/** How many menus reach the simulator while something is done. */
export async function pushesDuring(simulator: RunningSimulator, work: () => Promise<void>): Promise<number> {
  const before = await simulator.count('/cgi-bin/menu/create');
  await work();
  return (await simulator.count('/cgi-bin/menu/create')) - before;
}
