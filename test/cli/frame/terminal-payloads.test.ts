/** S6: nothing from outside steers a terminal, wherever it comes out. */
import { describe, expect, test } from 'vitest';
import type { Fetch } from '../../../src/io/ports.ts';
import { fakeWorld, type FakeWorld, type Run } from '../../helpers/fake-io.ts';

const [esc, bel] = ['\u{1b}', '\u{7}'];
const payloads: Readonly<Record<string, string>> = {
  'CSI colour': `${esc}[31m`,
  'CSI clear': `${esc}[2J${esc}[H`,
  'CSI with intermediates': `${esc}[?1049h`,
  'CSI unfinished': `${esc}[38;2`,
  'C1 CSI': '\u{9b}2J',
  'OSC title': `${esc}]0;pwned${bel}`,
  'OSC 52 clipboard': `${esc}]52;c;ZXZpbA==${esc}\\`,
  'OSC 8 link': `${esc}]8;;http://evil.example${esc}\\click${esc}]8;;${esc}\\`,
  'C1 OSC': `\u{9d}0;pwned\u{9c}`,
  'OSC unfinished': `${esc}]0;never`,
  DCS: `${esc}P+q544e${esc}\\`,
  'C1 DCS': '\u{90}q\u{9c}',
  APC: `${esc}_x${esc}\\`,
  PM: `${esc}^x${esc}\\`,
  'RIS reset': `${esc}c`,
  'charset shift': `${esc}(0`,
  'CR over the line': 'good\rbad',
  backspace: 'bad\b\b\bgood',
  bell: bel,
  NUL: 'a\0b',
  DEL: 'a\u{7f}b',
  'bidi override': '\u{202e}gpj.exe',
  'bidi isolate': '\u{2066}x\u{2069}',
  'line separator': 'a\u{2028}b',
  'forged line': 'x\n✗ Forged: all is well',
};

// oxlint-disable-next-line no-control-regex
const steering = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u2028\u2029]/;

/** Five at once: no text is cut before its end, and what is not finished is the last of its five. */
const fives = [0, 5, 10, 15, 20].map((from) => {
  const five = Object.entries(payloads).slice(from, from + 5);
  return [five.map(([name]) => name).join(', '), five.map(([, payload]) => payload).join(' ')] as const;
});

/** Everywhere a payload can come in, and the command that shows it. */
const sinks: Readonly<Record<string, (payload: string) => Promise<{ run: Run; code: number }>>> = {
  'errmsg of the platform': async (payload) => {
    const world = fakeWorld();
    await world.fault({
      path: '/cgi-bin/stable_token',
      errcode: 48001,
      errmsg: `no ${payload} rid: 6650d0c1-2f3a-4b5c`,
    });
    return { run: await world.run('token', '--debug'), code: 3 };
  },
  'errmsg in JSON': async (payload) => {
    const world = fakeWorld();
    await world.fault({ path: '/cgi-bin/stable_token', errcode: 48001, errmsg: `no ${payload}` });
    return { run: await world.run('token', '--json'), code: 3 };
  },
  'a web page instead of JSON': async (payload) => {
    const world = fakeWorld({ timePasses: true });
    await world.fault({ path: '/cgi-bin/menu/get', body: `<html>${payload}</html>`, times: 3 });
    return { run: await world.run('menu', 'pull'), code: 5 };
  },
  'names of the live menu': async (payload) => {
    const world = await liveMenu(payload);
    return { run: await world.run('menu', 'delete', '--dry-run'), code: 0 };
  },
  'names of the live menu in JSON': async (payload) => {
    const world = await liveMenu(payload);
    return { run: await world.run('menu', 'pull', '--json'), code: 0 };
  },
  'names of the live menu as a file': async (payload) => {
    const world = await liveMenu(payload);
    return { run: await world.run('menu', 'pull'), code: 0 };
  },
  'names of a menu file': async (payload) => {
    const menu = {
      button: [
        { type: payload, name: payload, [payload]: 1 },
        { type: 'view', name: payload, url: payload },
      ],
    };
    return {
      run: await fakeWorld({ files: { 'menu.json': JSON.stringify(menu) } }).run('menu', 'push'),
      code: 2,
    };
  },
  'a file name': async (payload) => ({
    run: await fakeWorld().run('menu', 'push', `${payload}.json`),
    code: 2,
  }),
  'an output name': async (payload) => ({
    run: await fakeWorld().run('menu', 'pull', '--out', `no/${payload}`),
    code: 7,
  }),
  'a command': async (payload) => ({ run: await fakeWorld().run(`x${payload}`), code: 2 }),
  'a flag': async (payload) => ({ run: await fakeWorld().run('token', `--x${payload}`), code: 2 }),
  'a value': async (payload) => ({ run: await fakeWorld().run('token', '--format', payload), code: 2 }),
  'a value in JSON': async (payload) => ({
    run: await fakeWorld().run('token', '--json', '--timeout', payload),
    code: 2,
  }),
  'a profile': async (payload) => ({
    run: await fakeWorld().run('token', '--profile', `x${payload}`),
    code: 3,
  }),
  'a page URL': async (payload) => ({
    run: await fakeWorld().run('sign-url', `https://e.com/${payload}#x`, '--ticket-stdin'),
    code: 2,
  }),
  'the reply to a push': async (payload) => {
    const content = `<![CDATA[${payload}]]>`;
    const reply = `<xml><MsgType>text</MsgType><Content>${content}</Content></xml>`;
    const words = ['trigger', 'text', '--mode', 'plain', '--to', url];
    return { run: await fakeWorld({ fetch: answering(reply) }).run(...words), code: 1 };
  },
  'an answer to a push that is none': async (payload) => {
    const words = ['trigger', 'text', '--mode', 'plain', '--to', url];
    return { run: await fakeWorld({ fetch: answering(`{"${payload}":1}`) }).run(...words), code: 1 };
  },
  'an answer to a push in JSON': async (payload) => {
    const words = ['trigger', 'text', '--mode', 'plain', '--to', url, '--json'];
    return { run: await fakeWorld({ fetch: answering(`oops ${payload}`) }).run(...words), code: 1 };
  },
  'an answer to the handshake': async (payload) => ({
    run: await fakeWorld({ fetch: answering(`a${payload}b`) }).run('handshake', 'probe', url),
    code: 1,
  }),
  'the type of an answer to the handshake': async (payload) => {
    const fetch: Fetch = (request) => {
      const echostr = new URL(request.url).searchParams.get('echostr') ?? '';
      return Promise.resolve({
        status: 200,
        headers: { 'content-type': `text/html${payload}` },
        body: Buffer.from(echostr),
      });
    };
    return { run: await fakeWorld({ fetch }).run('handshake', 'probe', url), code: 1 };
  },
  'a message file': async (payload) => ({
    run: await fakeWorld({ files: { [`m.xml`]: `<xml>${payload}` } }).run(
      'trigger',
      '--file',
      'm.xml',
      '--to',
      url,
    ),
    code: 2,
  }),
  'an envelope that cannot be opened': async (payload) => ({
    run: await fakeWorld({ stdin: `<xml><Encrypt>${payload}</Encrypt></xml>` }).run(
      'crypto',
      'decrypt',
      '--explain',
    ),
    code: 1,
  }),
  'a saved profile': async (payload) => {
    const config = { default: payload, profiles: { [payload]: { appid: payload, apiBase: payload } } };
    const files = { '/home/me/.config/wechat-mp/config.json': JSON.stringify(config) };
    return { run: await fakeWorld({ files }).run('profile', 'list'), code: 0 };
  },
};

const url = 'http://localhost:3000/wechat';

/** A developer's own server with one answer to everything. */
function answering(body: string, headers: Readonly<Record<string, string>> = {}): Fetch {
  return () => Promise.resolve({ status: 200, headers, body: Buffer.from(body) });
}

async function liveMenu(payload: string): Promise<FakeWorld> {
  const world = fakeWorld();
  const menu = { button: [{ type: 'click', name: `a${payload}b`, key: payload, sub_button: [] }] };
  await world.fault({ path: '/cgi-bin/menu/get', body: JSON.stringify({ menu }) });
  return world;
}

describe('a terminal is safe from', () => {
  expect(Object.keys(payloads)).toHaveLength(25);
  for (const [sink, show] of Object.entries(sinks)) {
    test(sink, async () => {
      for (const [name, payload] of fives) {
        const { run, code } = await show(payload);
        // The URL is refused for its control characters only.
        if (sink !== 'a page URL') expect({ name, code: run.code }).toEqual({ name, code });
        expect({ name, found: steering.exec(run.stdout + run.stderr)?.[0] }).toEqual({
          name,
          found: undefined,
        });
        expect(run.stdout + run.stderr).not.toBe('');
      }
    });
  }

  test('a forged line in an errmsg', async () => {
    const { run } = await (sinks['errmsg of the platform'] as (payload: string) => Promise<{ run: Run }>)(
      'x\n✗ Forged',
    );
    expect(run.stderr.split('\n').filter((line) => line.startsWith('✗'))).toHaveLength(1);
  });
});
