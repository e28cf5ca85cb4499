/** `handshake probe` and `trigger` against message servers that other people wrote, started for real. */
import { describe, expect, test } from 'vitest';
import {
  start as startServer,
  withExpress,
  withKoa,
  type Answer,
  type MakeServer,
} from '../foreign/servers.ts';
import { runHere } from '../helpers/in-process.ts';
import { account, accountEnvironment, othersCrypt } from './serving.ts';

const config = {
  token: account.callbackToken,
  appid: account.appId,
  encodingAESKey: account.aesKey,
};

/** A reply where somebody reads it, and silence otherwise. */
const echo: Answer = ({ MsgType, Event, Content }) => {
  if (MsgType.startsWith('device')) return '';
  return MsgType === 'event'
    ? Event === 'CLICK'
      ? 'You tapped 按钮'
      : ''
    : `You said: ${Content ?? MsgType}`;
};

const start = (make: MakeServer): Promise<string> => startServer(make(config, echo));

interface Report {
  readonly ok: boolean;
  readonly failed: number;
  readonly total: number;
  readonly results: readonly { readonly type: string; readonly ok: boolean; readonly encrypted: boolean }[];
  readonly checks: readonly {
    readonly name: string;
    readonly status: string;
    readonly cause: string | null;
  }[];
  readonly [name: string]: unknown;
}

async function command(
  ...words: readonly string[]
): Promise<{ readonly code: number | null; readonly report: Report }> {
  const { code, stdout, stderr } = await runHere([...words, '--json'], { env: accountEnvironment });
  if (stdout === '') throw new Error(stderr);
  return { code, report: JSON.parse(stdout) as Report };
}

describe.each([
  // Without a Content-Type a browser guesses; with one, Koa guesses for it.
  ['wechat on Express', withExpress, 'markup warn reflected_html'],
  ['co-wechat on Koa', withKoa, 'markup warn reflected_html'],
])('%s', (_name, server, markup) => {
  test('handshake probe passes it and names what it leaves open', async () => {
    const { code, report } = await command('handshake', 'probe', await start(server), '--post');
    const outline = report.checks.map(({ name, status, cause }) =>
      [name, status, ...(cause === null ? [] : [cause])].join(' '),
    );
    expect({ code, outline }).toEqual({
      code: 0,
      outline: [
        'address skip',
        'handshake pass',
        'wrong_signature pass',
        'missing_parameters pass',
        markup,
        'post_plain pass',
        'post_encrypted pass',
      ],
    });
  });

  test.each(['plain', 'compat', 'safe'])('trigger --all runs through in %s mode', async (mode) => {
    const to = await start(server);
    const { code, report } = await command('trigger', '--all', '--to', to, '--mode', mode);
    expect(report.results.filter(({ ok }) => !ok)).toEqual([]);
    expect({ code, total: report.total, failed: report.failed }).toEqual({ code: 0, total: 77, failed: 0 });
    const text = report.results.find(({ type }) => type === 'text');
    expect(text?.encrypted).toBe(mode !== 'plain');
  });

  test('trigger reads its encrypted reply, and it reads ours', async () => {
    const to = await start(server);
    const { code, report } = await command('trigger', 'text', '--set', 'Content=你好 😀', '--to', to);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      encrypted: true,
      valid: true,
      user_sees: 'reply',
      response: { status: 200 },
    });
    expect(report['user_sees_text']).toBe('You said: 你好 😀');
  });

  test('trigger --tamper is refused, but for the AppID, which it does not check', async () => {
    const to = await start(server);
    for (const what of ['signature', 'timestamp', 'body']) {
      const { code, report } = await command('trigger', 'text', '--tamper', what, '--to', to);
      expect({ what, code, refused: report['refused'] }).toEqual({ what, code: 0, refused: true });
    }
    const { code, report } = await command('trigger', 'text', '--tamper', 'appid', '--to', to);
    expect({ code, refused: report['refused'] }).toEqual({ code: 1, refused: false });
  });

  test('trigger --duplicate sees that it does the work twice', async () => {
    const { code, report } = await command('trigger', 'text', '--duplicate', '--to', await start(server));
    expect({ code, deduplicated: report['deduplicated'] }).toEqual({ code: 1, deduplicated: false });
  });

  test('trigger names the text that it does not escape', async () => {
    const to = await start(server);
    const { code, report } = await command('trigger', 'text', '--set', 'Content=a ]]> b', '--to', to);
    expect(code).toBe(1);
    expect(report).toMatchObject({
      valid: false,
      user_sees: 'unavailable',
      user_sees_text: '该公众号提供的服务出现故障，请稍后再试',
    });
    expect(report['problems']).toContainEqual(
      expect.objectContaining({ rule: 'cdata-end', severity: 'error' }),
    );
  });
});

describe('crypto', () => {
  test('encrypt makes what another library opens, and decrypt opens what it made', async () => {
    const message = '<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好 😀]]></Content></xml>';
    const made = await runHere(['crypto', 'encrypt', '--json'], { env: accountEnvironment, input: message });
    const { encrypt, msg_signature, timestamp, nonce } = JSON.parse(made.stdout) as Record<string, string>;
    const crypt = othersCrypt();
    expect(crypt.decrypt(encrypt ?? '')).toMatchObject({ message, id: account.appId });
    expect(crypt.getSignature(timestamp ?? '', nonce ?? '', encrypt ?? '')).toBe(msg_signature);

    const theirs = crypt.encrypt(message);
    const signature = crypt.getSignature('1714112445', '415670741', theirs);
    const opened = await runHere(
      ['crypto', 'decrypt', '--url', `/?msg_signature=${signature}&timestamp=1714112445&nonce=415670741`],
      { env: accountEnvironment, input: `<xml><Encrypt><![CDATA[${theirs}]]></Encrypt></xml>` },
    );
    expect(opened).toMatchObject({ code: 0, stdout: message, stderr: '' });
  });
});
