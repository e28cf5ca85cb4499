import { describe, expect, test } from 'vitest';
import { SecretReader } from '../../../src/cli/settings/secret-reader.ts';
import { readInputFile } from '../../../src/cli/files/input-file.ts';
import { WechatMpError } from '../../../src/core/errors.ts';
import { fakeWorld, type FakeIoOptions } from '../../helpers/fake-io.ts';

const secret = 'c4f1e09b7a2d4c6e8f0a1b2c3d4e5f60';

function reader(options: FakeIoOptions = {}) {
  const { io } = fakeWorld(options);
  const [warnings, seen]: [string[], string[]] = [[], []];
  const found = new SecretReader({
    io,
    environment: io.environment,
    warn: (text) => warnings.push(text.en),
    secretSeen: (text) => seen.push(text),
  });
  return { secrets: found, warnings, seen };
}

async function failureOf(work: () => unknown): Promise<WechatMpError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof WechatMpError) return error;
    throw error;
  }
  throw new Error('accepted');
}

async function typeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'accepted';
  } catch (error) {
    if (!(error instanceof WechatMpError)) throw error;
    expect(JSON.stringify([error.text, error.hint, error.facts])).not.toContain('c4f1e09b');
    return error.type;
  }
}

describe('SecretReader.fromFlags() reads', () => {
  test.each([
    ['plain', secret, []],
    ['with one line ending', `${secret}\n`, []],
    ['with the line ending of Windows', `${secret}\r\n`, []],
    ['with a blank', `${secret} \n`, ['Removed spaces around the secret in --secret-file']],
    ['with a blank before', `\t${secret}`, ['Removed spaces around the secret in --secret-file']],
    ['with a byte order mark', `\u{feff}${secret}`, ['Removed spaces around the secret in --secret-file']],
    ['with two line endings', `${secret}\n\n`, ['Removed spaces around the secret in --secret-file']],
  ])('a file %s', async (_, content, wanted) => {
    const { secrets, warnings, seen } = reader({ files: { 's.txt': content } });
    expect(await secrets.fromFlags('secret', undefined, 's.txt')).toEqual({
      value: secret,
      level: 'flag',
      name: '--secret-file',
    });
    expect([warnings, seen]).toEqual([wanted, [secret]]);
  });

  test('standard input, once, for as long as the same flag asks', async () => {
    const { secrets, warnings } = reader({ stdin: ` ${secret}\n` });
    const wanted = { value: secret, level: 'flag', name: '--secret-stdin' };
    expect(await secrets.fromFlags('secret', true, undefined)).toEqual(wanted);
    expect(await secrets.fromFlags('secret', true, undefined)).toEqual(wanted);
    expect(warnings).toEqual(['Removed spaces around the secret in --secret-stdin']);
    expect(await typeOf(() => secrets.fromFlags('aes-key', true, undefined))).toBe('stdin_taken');
  });

  test('a file once, for it may be a pipe', async () => {
    const { io } = fakeWorld();
    const contents = [`${secret}\n`, ''];
    const files = { ...io.files, read: () => Buffer.from(contents.shift() ?? '') };
    const secrets = new SecretReader({
      io: { ...io, files },
      environment: {},
      warn: () => {},
      secretSeen: () => {},
    });
    for (let time = 0; time < 2; time += 1)
      expect((await secrets.fromFlags('secret', undefined, '/dev/fd/63'))?.value).toBe(secret);
  });

  test('nothing where no flag was given', async () => {
    expect(await reader().secrets.fromFlags('secret', undefined, undefined)).toBeUndefined();
  });

  test('4096 bytes and not 4097, of at most 64 KiB that are read', async () => {
    const { secrets } = reader({
      files: { most: 'x'.repeat(4096), more: 'x'.repeat(4097), far: 'x'.repeat(65_537) },
    });
    expect(await typeOf(() => secrets.fromFlags('secret', undefined, 'most'))).toBe('accepted');
    expect(await typeOf(() => secrets.fromFlags('secret', undefined, 'more'))).toBe('secret_too_long');
    expect(await typeOf(() => secrets.fromFlags('secret', undefined, 'far'))).toBe('file_too_large');
  });

  test.each([
    ['an empty file', ''],
    ['blanks alone', ' \n\t\n'],
  ])('%s as a mistake', async (_, content) => {
    const { secrets } = reader({ files: { s: content }, stdin: content });
    expect(await typeOf(() => secrets.fromFlags('secret', undefined, 's'))).toBe('secret_empty');
    expect(await typeOf(() => secrets.fromFlags('secret', true, undefined))).toBe('secret_empty');
  });

  test.each([
    ['two lines', Buffer.from(`${secret}\n# ours\n`)],
    ['two lines of an old Mac', Buffer.from(`${secret}\rx`)],
    ['GBK', Buffer.from([0xc3, 0xdc, 0xd4, 0xbf])],
  ])('%s as a mistake, without a word of them', async (_, content) => {
    const { secrets } = reader({ files: { s: content } });
    expect(await typeOf(() => secrets.fromFlags('secret', undefined, 's'))).toBe('secret_not_one_line');
  });

  test.each([
    ['with its mark', Buffer.from(`\u{feff}${secret}`, 'utf16le')],
    ['without its mark', Buffer.from(secret, 'utf16le')],
    ['big-endian', Buffer.from(secret, 'utf16le').swap16()],
  ])('UTF-16 %s by its name, from files and standard input', async (_, content) => {
    const { secrets } = reader({ files: { s: content }, stdin: content });
    const named = 'it is UTF-16, as PowerShell 5 and Notepad may write it, not UTF-8';
    await expect(secrets.fromFlags('secret', undefined, 's')).rejects.toThrow(
      `Cannot use --secret-file: ${named}`,
    );
    await expect(secrets.fromFlags('secret', true, undefined)).rejects.toThrow(
      `Cannot use --secret-stdin: ${named}`,
    );
  });

  test.each([
    ['secret', secret, 'secret'],
    ['via-key', `# ours\nci:${secret}\njava:${secret}:/,/token`, 'key'],
  ] as const)('several lines for --%s-file with file and number', async (name, first, word) => {
    const { secrets } = reader({ files: { 'k/keys': `${first}\r\n\r\n\tnext\n` } });
    const flag = `--${name}-file`;
    const lines = word === 'key' ? 4 : 2;
    await expect(secrets.fromFlags(name, undefined, 'k/keys')).rejects.toMatchObject({
      type: 'secret_not_one_line',
      text: {
        en: `Cannot use ${flag}: "k/keys" has ${lines} lines, and one is wanted`,
        zh: `无法使用 ${flag}："k/keys" 有 ${lines} 行，应只有一行`,
      },
      hint: {
        en:
          word === 'key'
            ? 'It looks like the key file of the relay: save the key of this machine alone, what stands behind "name:"'
            : 'Keep the line with the secret alone',
      },
      facts: { file: 'k/keys' },
    });
  });

  test.each([
    secret,
    `ci:${secret}`,
    'ci:hunter2-hunter2:/,/token:60/m',
    'q8/Zk3m+V0aQ7Yt2Lw9xR4sB1nC6dE5fG/hJuKiPoT8=',
    '80_Ab-9'.repeat(60),
    `./${secret}`,
  ])('no file of the name %s, which it does not show', async (given) => {
    const { io } = fakeWorld();
    for (const flag of ['--secret-file', '--key-file', '--via-key-file']) {
      const error = await failureOf(() => readInputFile(io.files, given, 100, flag));
      expect(error).toMatchObject({ type: 'file_unreadable', facts: {} });
      expect(JSON.stringify([error.text, error.hint, error.facts])).not.toContain(given.slice(-20));
      expect(error.text.en).toBe(
        `Cannot read the file for ${flag}: no such file; its name looks like a secret and is not shown`,
      );
    }
  });

  test.each(['relay.keys', 'keys', '/run/secrets/wechat-2026.txt', 'C:\\keys\\relay.txt', './relay-2'])(
    'no file %s, and shows the name',
    async (given) => {
      const { io } = fakeWorld();
      const error = await failureOf(() => readInputFile(io.files, given, 100, '--key-file'));
      expect(error.text.en).toBe(`Cannot read "${given}" for --key-file: no such file`);
    },
  );

  test('a missing file, a folder and both flags at once as mistakes', async () => {
    const { secrets } = reader({ files: { 'd/x': '' } });
    await expect(secrets.fromFlags('secret', undefined, 'nowhere')).rejects.toThrow(
      'Cannot read "nowhere" for --secret-file: no such file',
    );
    await expect(secrets.fromFlags('secret', undefined, 'd')).rejects.toThrow(
      'Cannot read "d" for --secret-file: it is a directory',
    );
    expect(await typeOf(() => secrets.fromFlags('secret', true, 'x'))).toBe('flags_conflict');
  });
});

describe('SecretReader.fromEnvironment()', () => {
  test('trims with one warning, however often it is asked', async () => {
    const { secrets, warnings } = reader({ environment: { WECHAT_MP_APPSECRET: `${secret} ` } });
    const wanted = { value: secret, level: 'environment', name: 'WECHAT_MP_APPSECRET' };
    expect(await secrets.fromEnvironment('WECHAT_MP_APPSECRET')).toEqual(wanted);
    expect(await secrets.fromEnvironment('WECHAT_MP_APPSECRET')).toEqual(wanted);
    expect(warnings).toEqual(['Removed spaces around the secret in WECHAT_MP_APPSECRET']);
  });

  test.each([undefined, '', ' ', '\n'])('takes %j for not set', async (text) => {
    const { secrets, warnings } = reader({ environment: { WECHAT_MP_APPSECRET: text } });
    expect(await secrets.fromEnvironment('WECHAT_MP_APPSECRET')).toBeUndefined();
    expect(warnings).toEqual([]);
  });
});
