import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../../src/cli/frame/exit.ts';
import {
  createPaint,
  errorLines,
  exitCodeOf,
  formatJson,
  noPaint,
  wantsColor,
} from '../../../src/cli/frame/output.ts';
import { errorObject } from '../../../src/cli/report.ts';
import { PlatformError, VerificationError, WechatMpError } from '../../../src/core/errors.ts';

const refused = new PlatformError({
  family: 'account',
  type: 'ip_not_allowed',
  text: {
    en: 'WeChat refused the request: not in the whitelist (40164)',
    zh: '微信拒绝了请求：不在白名单（40164）',
  },
  details: [{ en: '203.0.113.7 called stable_token', zh: '203.0.113.7 调用 stable_token' }],
  hint: { en: 'add 203.0.113.7', zh: '添加 203.0.113.7' },
  facts: { errcode: 40164, errmsg: 'invalid ip', rid: '6650d0c1-2f3a' },
});

describe('wantsColor() follows the first that speaks', () => {
  test.each([
    ['a terminal alone', undefined, {}, true, true],
    ['no terminal', undefined, {}, false, false],
    ['TERM=dumb before the terminal', undefined, { TERM: 'dumb' }, true, false],
    ['FORCE_COLOR before TERM', undefined, { TERM: 'dumb', FORCE_COLOR: '1' }, false, true],
    ['FORCE_COLOR=0 is no', undefined, { FORCE_COLOR: '0' }, true, false],
    ['FORCE_COLOR=false is no', undefined, { FORCE_COLOR: 'false' }, true, false],
    ['an empty FORCE_COLOR is not set', undefined, { FORCE_COLOR: '' }, false, false],
    ['NO_COLOR before FORCE_COLOR', undefined, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['an empty NO_COLOR is not set', undefined, { NO_COLOR: '' }, true, true],
    ['--color before NO_COLOR', true, { NO_COLOR: '1', TERM: 'dumb' }, false, true],
    ['--no-color before FORCE_COLOR', false, { FORCE_COLOR: '1' }, true, false],
  ] as const)('%s', (_, flag, environment, isTty, wanted) => {
    expect(wantsColor(flag, environment, isTty)).toBe(wanted);
  });
});

describe('createPaint()', () => {
  test('paints or hands back the text as it is', async () => {
    expect((await createPaint(true)).error('x')).toBe('\u{1b}[31mx\u{1b}[39m');
    expect(await createPaint(false)).toBe(noPaint);
    expect(noPaint.error('x')).toBe('x');
  });
});

describe('exitCodeOf()', () => {
  test.each([
    ['negative', 1],
    ['usage', 2],
    ['input', 2],
    ['account', 3],
    ['api', 4],
    ['network', 5],
    ['limit', 6],
    ['local', 7],
    ['interrupted', 130],
  ] as const)('family %s is %i', (family, code) => {
    expect(exitCodeOf(new WechatMpError({ family, type: 'x', text: { en: 'X', zh: 'X' } }))).toBe(code);
  });

  test('no family is left out of the table above', () => {
    expect(Object.keys(exitCodes).toSorted()).toEqual([
      'account',
      'api',
      'bug',
      'input',
      'interrupted',
      'limit',
      'local',
      'negative',
      'network',
      'usage',
    ]);
  });

  test('anything else is a bug, and what a shell knows has its own code', () => {
    for (const error of [new Error('x'), new TypeError('x'), 'x', undefined, null])
      expect(exitCodeOf(error)).toBe(70);
    const named = (type: string) =>
      exitCodeOf(new WechatMpError({ family: 'interrupted', type, text: { en: 'X', zh: 'X' } }));
    expect(['hung_up', 'interrupted', 'quit', 'terminated'].map(named)).toEqual([129, 130, 131, 143]);
    expect(['command_not_runnable', 'command_not_found'].map(named)).toEqual([126, 127]);
    expect(exitCodeOf(new VerificationError('signature', { en: 'X', zh: 'X' }))).toBe(1);
  });
});

describe('errorLines()', () => {
  test('has the fix last, in either language', () => {
    expect(errorLines(refused, 'en', noPaint)).toEqual([
      '✗ WeChat refused the request: not in the whitelist (40164)',
      '  203.0.113.7 called stable_token',
      '  Fix: add 203.0.113.7',
    ]);
    expect(errorLines(refused, 'zh', noPaint)).toEqual([
      '✗ 微信拒绝了请求：不在白名单（40164）',
      '  203.0.113.7 调用 stable_token',
      '  解决：添加 203.0.113.7',
    ]);
  });

  test('names the command that says more at the very end', () => {
    expect(errorLines(refused, 'en', noPaint, 'wechat-mp explain 40164').slice(-2)).toEqual([
      '  Fix: add 203.0.113.7',
      '  More: wechat-mp explain 40164',
    ]);
    expect(errorLines(refused, 'zh', noPaint, 'wechat-mp explain 40164').at(-1)).toBe(
      '  更多：wechat-mp explain 40164',
    );
  });

  test('is one line where there is nothing more to say', () => {
    const error = new WechatMpError({ family: 'input', type: 'x', text: { en: 'No', zh: '否' } });
    expect(errorLines(error, 'en', noPaint)).toEqual(['✗ No']);
  });

  test('takes control characters out of every part', () => {
    const nasty = { en: 'a\u{1b}[2Jb\u{202e}c\u{9b}31md', zh: 'a' };
    const error = new WechatMpError({
      family: 'input',
      type: 'x',
      text: nasty,
      details: [nasty],
      hint: nasty,
    });
    expect(errorLines(error, 'en', noPaint)).toEqual(['✗ abcd', '  abcd', '  Fix: abcd']);
    expect(errorLines(new Error('x\u{1b}]0;title\u{7}y'), 'en', noPaint).at(-2)).toBe('✗ Error: xy');
  });

  test('asks to report a bug and shows where it was', () => {
    const lines = errorLines(new TypeError('kaput'), 'zh', noPaint);
    expect(lines.slice(-2)).toEqual([
      '✗ TypeError: kaput',
      '  这是 wechat-mp 自身的错误，请连同上面的内容一起反馈',
    ]);
    expect(lines[0]).toContain('output.test.ts');
    expect(lines.length).toBeLessThanOrEqual(7);
    expect(errorLines('kaput', 'en', noPaint)).toEqual([
      '✗ kaput',
      '  This is a mistake in wechat-mp; please report it with the lines above',
    ]);
  });
});

describe('errorObject()', () => {
  test('has the fields of the contract, the words in one language', () => {
    const next = [{ command: 'wechat-mp explain 40164', why: 'names the causes' }];
    expect(errorObject(refused, 'en', next)).toEqual({
      error: {
        code: 3,
        type: 'ip_not_allowed',
        errcode: 40164,
        errmsg: 'invalid ip',
        rid: '6650d0c1-2f3a',
        message: 'WeChat refused the request: not in the whitelist (40164)',
        details: ['203.0.113.7 called stable_token'],
        hint: 'add 203.0.113.7',
        retryable: false,
        next,
      },
    });
    expect(errorObject(refused, 'zh', [])).toMatchObject({
      error: { type: 'ip_not_allowed', hint: '添加 203.0.113.7' },
    });
  });

  test('leaves out what there is not, and keeps retryable', () => {
    const error = new WechatMpError({
      family: 'network',
      type: 'timeout',
      text: { en: 'X', zh: 'Y' },
      retryable: true,
    });
    expect(errorObject(error, 'zh', [])).toEqual({
      error: { code: 5, type: 'timeout', message: 'Y', retryable: true, next: [] },
    });
  });

  test('names a bug', () => {
    expect(errorObject(new RangeError('kaput'), 'en', [])).toEqual({
      error: { code: 70, type: 'bug', message: 'RangeError: kaput', retryable: false, next: [] },
    });
  });
});

describe('formatJson()', () => {
  test('is the same value for a parser, and harmless on a terminal', () => {
    const value = { name: '\u{1b}[2J\u{9b}31m\u{7f}\u{202e}菜单\u{2066}\u{2028}😀"\\' };
    const text = formatJson(value);
    expect(JSON.parse(text)).toEqual(value);
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]/);
    expect(text).toContain('菜单');
  });
});
