/** Every token, signature and ciphertext that leaves: to where, and configured where. */
import { describe, expect, test } from 'vitest';
import { allLeaves } from '../../../src/cli/commands/index.ts';
import type { Fetch } from '../../../src/io/ports.ts';
import { fakeWorld, type FakeIoOptions } from '../../helpers/fake-io.ts';
import { relayBase, relayKey, standInRelay } from '../../helpers/stand-in-relay.ts';
import { throughSimulator } from '../../helpers/through-simulator.ts';

const leaves = allLeaves().map(({ words }) => words.join(' '));

const gateway = 'https://gateway.example.com';
const appId = fakeWorld().simulator.account.appId;
const ticket =
  'gQGA8DwAAAAAAAAAAS5odHRwOi8vd2VpeGluLnFxLmNvbS9xLzAyd1BGS0JtUEpmdTIxUVFQSXh5Y0cAAgS0IetiAwSAUQEA';

interface Sending {
  readonly words: readonly string[];
  readonly stdin?: string;
}

const menu = JSON.stringify({ button: [{ type: 'click', name: 'a', key: 'k' }] });

/** Every command that sends something of the account to the API base. */
const toPlatform: Readonly<Record<string, Sending>> = {
  token: { words: ['token'] },
  'profile add': { words: ['profile', 'add', 'new'] },
  'menu push': { words: ['menu', 'push', '-', '--yes'], stdin: menu },
  'menu diff': { words: ['menu', 'diff', '-'], stdin: menu },
  'menu pull': { words: ['menu', 'pull'] },
  'menu try': { words: ['menu', 'try', 'reader'] },
  'menu delete': { words: ['menu', 'delete', '--confirm', appId] },
  'qr create': { words: ['qr', 'create', '--scene', '1', '--out', 'qr.jpg'] },
  'qr batch': { words: ['qr', 'batch', '-', '--out-dir', 'codes'], stdin: 'scene\n1\n' },
  'qr show': { words: ['qr', 'show', ticket, '--out', 'code.jpg'] },
  'sign-url': { words: ['sign-url', 'https://example.com/'] },
  explain: { words: ['explain', '69686640-00000001-00000002'] },
  api: { words: ['api', '/cgi-bin/tags/get'] },
  quota: { words: ['quota'] },
  ip: { words: ['ip'] },
  doctor: { words: ['doctor'] },
  init: { words: ['init'] },
  'simulator compare': { words: ['simulator', 'compare'] },
};

/** Those that send to the server of the developer, which is on the command line or in the project file. */
const toDeveloper = ['handshake probe', 'trigger'];

/**
 * Those that send nothing, or only to who asks them: `serve` passes on to a flag, `simulator` has Tokens of its own,
 * `relay` says to whom it passes on before it listens (`test/cli/commands/relay`).
 */
const silent = `profile list, profile use, profile show, profile remove, menu lint, help, handshake sign,
  handshake check, completion, skill print, skill install, crypto encrypt, crypto decrypt, crypto key, serve, simulator, simulator wait, relay`.split(
  /,\s+/,
);

interface Sent {
  readonly origin: string;
  readonly credentials: readonly string[];
}

/** Runs one command; what it sends reaches a simulator whose tokens look real. */
async function send({ words, stdin = '' }: Sending, options: FakeIoOptions = {}) {
  const sent: Sent[] = [];
  const fetch: Fetch = async (request) => {
    const text = `${request.url}\n${String(request.body ?? '')}`;
    const { account } = made.simulator;
    const credentials = Object.entries({
      secret: text.includes(account.secret),
      token: /[?&]access_token=./.test(text),
      ticket: /[?&]ticket=./.test(text),
      signature: /[?&](msg_)?signature=./.test(text),
      ciphertext: /<Encrypt>|"Encrypt"/.test(text),
    }).flatMap(([name, there]) => (there ? [name] : []));
    sent.push({ origin: new URL(request.url).origin, credentials });
    const answer = await throughSimulator(made.simulator)({
      ...request,
      url: request.url.replace('access_token=REAL_', 'access_token=SIM_'),
    });
    const type = answer.headers['content-type'] ?? '';
    const body = Buffer.from(answer.body);
    return {
      ...answer,
      headers: { 'content-type': type },
      body: type.includes('json') ? Buffer.from(String(body).replaceAll('SIM_', 'REAL_')) : body,
    };
  };
  const made = fakeWorld({ ...options, stdin, fetch });
  const ran = await made.run(...words, '--lang', 'en');
  return { ...ran, sent };
}

/** The account of the simulator, in a profile with this API base. */
function profileAt(base: string): FakeIoOptions {
  const { secret, callbackToken, encodingAESKey } = fakeWorld().simulator.account;
  const folder = '/home/me/.config/wechat-mp';
  return {
    environment: {
      WECHAT_MP_API_BASE: undefined,
      WECHAT_MP_APPID: undefined,
      WECHAT_MP_APPSECRET: undefined,
      WECHAT_MP_PROFILE: 'shop',
    },
    files: {
      [`${folder}/config.json`]: JSON.stringify({ profiles: { shop: { appid: appId, apiBase: base } } }),
      [`${folder}/secrets.json`]: JSON.stringify({
        [`${base} ${appId}`]: { secret, callbackToken, aesKey: encodingAESKey },
      }),
    },
  };
}

const linesOf = (stderr: string) => stderr.split('\n').filter((line) => /^(Sending|Using) /.test(line));

test('every command is known to send or not to send', () => {
  expect([...Object.keys(toPlatform), ...toDeveloper, ...silent].toSorted()).toEqual(leaves.toSorted());
});

describe('what is sent to an API base', () => {
  test.each(Object.entries(toPlatform))('%s says to whom, and who named it', async (name, sending) => {
    const byVariable = { environment: { WECHAT_MP_API_BASE: gateway } };
    const places: readonly (readonly [string, FakeIoOptions, readonly string[], readonly string[]])[] = [
      [gateway, byVariable, [], [`Sending to ${gateway} (from WECHAT_MP_API_BASE)`]],
      [gateway, {}, ['--api-base', gateway], []],
      [
        'https://api2.weixin.qq.com',
        { environment: { WECHAT_MP_API_BASE: 'https://api2.weixin.qq.com' } },
        [],
        [],
      ],
      ...(['profile add', 'init'].includes(name)
        ? []
        : ([[gateway, profileAt(gateway), [], [`Sending to ${gateway} (from profile "shop")`]]] as const)),
    ];
    for (const [origin, options, flags, told] of places) {
      const { code, stderr, sent } = await send({ ...sending, words: [...sending.words, ...flags] }, options);
      // Whatever the platform makes of it: a menu that is not there, a person who is unknown.
      expect({ code, stderr }).toMatchObject({ code: expect.toBeOneOf([0, 1, 4]) as number });
      expect(new Set(sent.map((request) => request.origin))).toEqual(new Set([origin]));
      expect(sent.some(({ credentials }) => credentials.length > 0)).toBe(true);
      expect(linesOf(stderr)).toEqual(told);
    }
  });

  // With an AppSecret beside it, which must not leave in its place.
  test.each(Object.entries(toPlatform))(
    '%s goes through a relay, and nowhere else',
    async (_name, sending) => {
      const places: string[] = [];
      const world = fakeWorld({
        environment: { WECHAT_MP_VIA: relayBase, WECHAT_MP_VIA_KEY: relayKey },
        stdin: sending.stdin ?? '',
        fetch: async (request) => {
          places.push(new URL(request.url).origin);
          const { account } = world.simulator;
          expect(`${request.url}${String(request.body ?? '')}`).not.toContain(account.secret);
          expect(request.url).not.toMatch(/[?&]access_token=/);
          return await relay(request);
        },
      });
      const relay = standInRelay(() => world.simulator, { prefixes: ['/cgi-bin', '/token', '/ticket'] });
      const { code, stderr } = await world.run(...sending.words, '--lang', 'en');
      expect({ code, stderr }).toMatchObject({ code: expect.toBeOneOf([0, 1, 4]) as number });
      expect(new Set(places)).toEqual(new Set([relayBase]));
      expect(linesOf(stderr)[0]).toBe(`Sending through the relay at ${relayBase} (from WECHAT_MP_VIA)`);
    },
  );

  test('nothing is said where nothing is sent', async () => {
    const environment = { WECHAT_MP_API_BASE: gateway };
    const { stderr, sent } = await send(
      { words: ['qr', 'create', '--scene', '1', '--dry-run'] },
      { environment },
    );
    expect([sent, linesOf(stderr)]).toEqual([[], []]);
  });

  test('is said before a far address is reached', async () => {
    const seen: string[] = [];
    const world = fakeWorld({
      environment: { WECHAT_MP_API_BASE: gateway },
      fetch: async () => {
        seen.push('sent');
        throw new Error('gone');
      },
    });
    const write = world.io.terminal.writeStderr;
    world.io.terminal.writeStderr = (data) => {
      if (/^(Sending|正在发送)/.test(data)) seen.push('told');
      write(data);
    };
    await world.run('token');
    expect(seen.slice(0, 2)).toEqual(['told', 'sent']);
  });
});

describe('what is sent to a developer', () => {
  const to = 'https://example.com/wechat';

  test.each([
    ['handshake probe', { words: ['handshake', 'probe', to, '--post'] }],
    ['trigger', { words: ['trigger', 'text', '--to', to] }],
  ])('%s sends to the address on its command line and to no other', async (_name, sending) => {
    const { sent, stderr } = await send(sending);
    expect(new Set(sent.map(({ origin }) => origin))).toEqual(new Set(['https://example.com']));
    expect(sent.some(({ credentials }) => credentials.includes('signature'))).toBe(true);
    expect(sent.some(({ credentials }) => credentials.includes('ciphertext'))).toBe(true);
    expect(linesOf(stderr)).toEqual([]);
  });

  test('trigger names the address that a project file has', async () => {
    const files = { '/desk/wechat-mp.json': '{"trigger":{"to":"http://localhost:4000/wechat"}}' };
    const { sent, stderr } = await send({ words: ['trigger', 'text'] }, { files });
    expect(sent.map(({ origin }) => origin)).toEqual(['http://localhost:4000']);
    expect(linesOf(stderr)).toEqual(['Sending to http://localhost:4000/wechat (from /desk/wechat-mp.json)']);
  });

  test.each([
    [{ HTTP_PROXY: 'http://me:secret@proxy.example.com:3128' }, [], 'HTTP_PROXY'],
    [{ https_proxy: 'proxy.example.com:3128' }, [], 'https_proxy'],
    [{ HTTPS_PROXY: 'http://p:1' }, ['--proxy', 'http://q:1'], undefined],
    [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: 'example.com' }, [], undefined],
  ])('a proxy that can read a signature is named: %j %j', async (environment, flags, place) => {
    const plain = ['trigger', 'text', '--to', 'http://example.com/wechat', ...flags];
    const lines = linesOf((await send({ words: plain }, { environment })).stderr);
    expect(lines.map((line) => line.replace(/^.*\(from (.*)\)$/, '$1'))).toEqual(
      place === undefined ? [] : [place],
    );
    expect(lines.join('')).not.toContain('secret');
    const sealed = ['trigger', 'text', '--to', to, ...flags];
    expect(linesOf((await send({ words: sealed }, { environment })).stderr)).toEqual([]);
  });
});
