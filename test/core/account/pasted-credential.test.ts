import { describe, expect, test } from 'vitest';
import { parseAppId, parseEncodingAESKey } from '../../../src/core/account/account.ts';
import { WechatMpError } from '../../../src/core/errors.ts';
import {
  readCredential,
  secretsIn,
  type CredentialKind,
} from '../../../src/core/account/pasted-credential.ts';

const appid = 'wx0123456789abcdef';
const secret = 'c4f1e09b7a2d4c6e8f0a1b2c3d4e5f60';
const token = 'Canary9';
const accessToken = '57_canaryCANARY-canary_0123456789';
const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl';
const viaKey = 'laptop-key.0123456789~canary';
const values = { appid, secret, accessToken, ticket, callbackToken: token, aesKey, viaKey } satisfies Record<
  CredentialKind,
  string
>;
const named = {
  appid: ['AppID', 'WECHAT_MP_APPID'],
  secret: ['AppSecret', 'WECHAT_MP_APPSECRET'],
  accessToken: ['access_token', 'WECHAT_MP_ACCESS_TOKEN'],
  ticket: ['ticket', 'jsapi_ticket'],
  callbackToken: ['Token', 'WECHAT_MP_CALLBACK_TOKEN'],
  aesKey: ['EncodingAESKey', 'WECHAT_MP_AES_KEY'],
  viaKey: ['viaKey', 'WECHAT_MP_VIA_KEY'],
} as const satisfies Record<CredentialKind, readonly [string, string]>;
const kinds = Object.keys(values) as CredentialKind[];

function read(kind: CredentialKind, text: string) {
  const { value, notes } = readCredential(kind, text, 'PLACE');
  for (const { en, zh } of notes) {
    expect(`${en}${zh}`).not.toContain(values[kind].slice(0, 5));
    expect(zh).toMatch(/PLACE.*\p{Script=Han}/u);
  }
  return [value, notes.map(({ en }) => en)];
}

function refusalOf(kind: CredentialKind, text: string): string {
  try {
    readCredential(kind, text, 'PLACE');
  } catch (error) {
    if (!(error instanceof WechatMpError)) throw error;
    expect(error.family).toBe('input');
    expect(JSON.stringify([error.text, error.hint, error.facts])).not.toContain(secret.slice(0, 8));
    return error.text.en;
  }
  return 'taken';
}

describe.each(kinds)('readCredential(%s)', (kind) => {
  const value = values[kind];
  const [name, variable] = named[kind];

  test('leaves the value itself alone, and says nothing', () => {
    expect(read(kind, value)).toEqual([value, []]);
    expect(read(kind, '')).toEqual(['', []]);
  });

  test.each([
    ['"', '"'],
    ["'", "'"],
    ['“', '”'],
    ['‘', '’'],
  ])('takes the value out of %s%s', (open, close) => {
    expect(read(kind, `${open}${value}${close}`)).toEqual([
      value,
      [`Took the ${name} in PLACE out of quotes`],
    ]);
  });

  test.each([
    ['a zero-width space at the end', `${value}\u{200b}`],
    ['one inside', `${value.slice(0, 3)}\u{200b}${value.slice(3)}`],
    ['a word joiner', `\u{2060}${value}`],
    ['a mark of the direction', `${value}\u{202c}`],
  ])('takes out %s', (_, text) => {
    expect(read(kind, text)).toEqual([value, [`Took the ${name} in PLACE out of invisible characters`]]);
  });

  test('reads full-width letters as the usual ones', () => {
    const wide = value.replaceAll(/[A-Za-z0-9]/g, (letter) =>
      String.fromCharCode(letter.charCodeAt(0) + 0xfee0),
    );
    const note = `Read the full-width characters of the ${name} in PLACE as the usual ones`;
    expect(read(kind, wide)).toEqual([value, [note]]);
  });

  test.each([[`${variable}=`], [`${name}: `], [`${name}：`], [`export ${name.toLowerCase()}=`]])(
    'takes the value out of a line that begins with %s',
    (label) => {
      const note = `Took the ${name} in PLACE out of a line with its name`;
      expect(read(kind, label + value)).toEqual([value, [note]]);
    },
  );

  test.each([name, name.toLowerCase(), name.toUpperCase()])(
    'takes it out of JSON where it is called %s',
    (key) => {
      const text = JSON.stringify({ name: 'shop', [key]: ` ${value}`, errcode: 0 }, null, 2);
      expect(read(kind, text)).toEqual([value, [`Took the ${name} in PLACE out of a JSON answer`]]);
    },
  );

  const other = kind === 'ticket' ? 'refresh_token' : 'ticket';
  test.each([
    ['{"errcode":40013,"errmsg":"invalid appid"}', "Cannot use PLACE: it holds WeChat's refusal 40013"],
    [`{"ticket":"${secret}"`, 'Cannot use PLACE: it begins like JSON and breaks off'],
    [
      `{"${other}":"${secret}","expires_in":7200}`,
      `Cannot use PLACE: it is JSON that holds "${other}" instead of "${name}"`,
    ],
  ])('refuses JSON without it: %s', (text, message) => {
    expect(refusalOf(kind, text)).toBe(message);
  });
});

describe('readCredential()', () => {
  test('goes through what is wrapped twice, and says each', () => {
    expect(read('secret', `WECHAT_MP_APPSECRET="${secret}\u{200b}"`)).toEqual([
      secret,
      [
        'Took the AppSecret in PLACE out of a line with its name',
        'Took the AppSecret in PLACE out of invisible characters and quotes',
      ],
    ]);
  });

  test.each(['""', "''", '“”'])('takes %s for nothing', (text) => {
    expect(read('secret', text)[0]).toBe('');
  });

  test('writes an AppID in capitals in small letters, and leaves the case of everything else', () => {
    const note = ['Wrote the AppID in PLACE in small letters, as WeChat does'];
    expect(read('appid', 'WX0123456789ABCDEF')).toEqual([appid, note]);
    expect(read('appid', 'Wx0123456789abcdef')).toEqual([appid, note]);
    expect(read('appid', 'wx0123456789ABCDEF')).toEqual(['wx0123456789ABCDEF', []]);
    expect(read('appid', 'WX0123')).toEqual(['WX0123', []]);
    expect(read('secret', secret.toUpperCase())).toEqual([secret.toUpperCase(), []]);
  });

  test.each([appid, 'gh_0123456789ab'])('refuses the ID %s as a secret', (id) => {
    for (const kind of ['secret', 'accessToken', 'callbackToken', 'aesKey'] as const)
      expect(refusalOf(kind, id)).toBe('Cannot use PLACE: this is the ID of an account, which is no secret');
  });

  test('refuses a line of another setting', () => {
    expect(refusalOf('secret', `WECHAT_MP_APPID=${appid}`)).toBe(
      'Cannot use PLACE: this is a line with the AppID',
    );
    expect(refusalOf('appid', `AppSecret: ${secret}`)).toBe(
      'Cannot use PLACE: this is a line with the AppSecret',
    );
  });

  test.each(['a=b', 'url:x', 'a-b', '31characters'])('leaves %j, which may be an unusual Token', (text) => {
    expect(read('callbackToken', text)).toEqual([text, []]);
  });
});

describe('secretsIn()', () => {
  test.each([
    [secret, [secret]],
    [`AppSecret: "${secret}"`, [secret]],
    [`{"appid":"${appid}","secret":"${secret}"}`, [secret]],
    [`{"appid":"${appid}","password":"${secret}"}`, [secret]],
    [appid, []],
    ['', ['']],
  ])('finds the secret and nothing round it: %s', (text, found) => {
    expect(secretsIn('secret', text)).toEqual(found);
  });
});

test('the words for a missing value are refused, but as a Token', () => {
  for (const word of ['null', 'undefined', ' None\n', '"NaN"']) {
    for (const kind of kinds.filter((each) => each !== 'callbackToken'))
      expect(refusalOf(kind, word)).toMatch(/^Cannot use PLACE: "\w+" is what a program prints for a value/);
    expect(refusalOf('callbackToken', word)).toBe('taken');
  }
  expect(refusalOf('ticket', 'nullable')).toBe('taken');
});

describe('parseAppId() names what was taken for an AppID:', () => {
  test.each([
    ['gh_97417a04a28d', 'AppID: "gh_…" is the original ID (原始ID) of an account, which is another number'],
    ['ww0123456789abcdef', 'AppID: "ww…" is a CorpID of WeCom (企业微信), which has an API of its own'],
    ['WX0123456789abcdef', 'AppID: it must begin with "wx" in small letters'],
    ['wxid_abcdefghijk', 'AppID: "wxid_…" is the WeChat ID of a person'],
    ['wx0123456789abcdeg', 'AppID: it has 18 characters as it must, but some are letters after f'],
    [secret, 'AppID: this looks like an AppSecret'],
    [aesKey, 'AppID: this looks like an EncodingAESKey'],
    ['o9AgO5Kd5ggOC-bXrbNODIiE3bGY', "AppID: this looks like a follower's OpenID"],
    ['wx0123456789abcde', 'AppID: an AppID is "wx" and 16 hex digits, got 17 characters'],
    [`"${appid}"`, 'AppID: an AppID is "wx" and 16 hex digits, got 20 characters, among them a quote'],
    [
      `${appid}\u{200b}`,
      'AppID: an AppID is "wx" and 16 hex digits, got 19 characters, among them an invisible character',
    ],
    [
      'ｗｘ0123456789abcdef',
      'AppID: an AppID is "wx" and 16 hex digits, got 18 characters, among them a full-width character',
    ],
  ])('%s', (text, message) => {
    expect(() => parseAppId(text)).toThrow(`Cannot use this ${message}`);
  });

  test('as an EncodingAESKey with its sign of Base64', () => {
    expect(() => parseEncodingAESKey(`${aesKey}=`)).toThrow('got 44 characters, among them');
  });
});
