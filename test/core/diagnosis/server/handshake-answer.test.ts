import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeEcho } from '../../../../src/core/diagnosis/server/handshake-answer.ts';

const echostr = '4375120948345356249';
const causeOf = (body: string | Buffer) => judgeEcho(Buffer.from(body as string), echostr)?.cause;

describe('judgeEcho()', () => {
  test('takes exactly the bytes of echostr', () => {
    expect(judgeEcho(Buffer.from(echostr), echostr)).toBeUndefined();
  });

  test('takes nothing with a byte more, less or changed', () => {
    fc.assert(
      fc.property(fc.nat(echostr.length), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const bytes = [...Buffer.from(echostr)];
        expect(causeOf(Buffer.from(bytes.toSpliced(at, 0, byte)))).toBeDefined();
        if (at < bytes.length) {
          expect(causeOf(Buffer.from(bytes.toSpliced(at, 1)))).toBeDefined();
          if (bytes[at] !== byte) expect(causeOf(Buffer.from(bytes.with(at, byte)))).toBeDefined();
        }
      }),
    );
  });

  test.each<readonly [string, string | Buffer]>([
    ['bom', `\u{feff}\u{feff}${echostr}`],
    ['bom', `\u{feff}${echostr}\n`],
    ['bom', Buffer.from(`\u{feff}${echostr}`, 'utf16le').swap16()],
    ['newline', ` ${echostr}`],
    ['newline', `${echostr}\u{3000}`],
    ['quoted', `'${echostr}'`],
    ['quoted', `"${echostr}"\n`],
    ['wrapped', `[${echostr}]`],
    ['wrapped', `{"code":0,"data":"${echostr}"}`],
    ['wrapped', `echostr=${echostr}`],
    ['wrapped', `${echostr}${echostr}`],
    ['wrapped', `${echostr}<script>debug()</script>`],
    ['wrapped', `<br />\n<b>Warning</b>: x\n${echostr}`],
    ['html', `<p>${echostr}</p>`],
    ['html', '<!DOCTYPE html><p>Welcome</p>'],
    ['empty', ''],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0])],
    ['other', '4375120948345356300'],
    ['other', '4.375120948345356e18'],
    ['other', '1'],
    ['other', 'Invalid signature'],
    ['other', Buffer.from([0xff, 0x00, 0x01])],
  ])('says %s of %j', (cause, body) => {
    expect(causeOf(body)).toBe(cause);
  });

  test('shows at most the beginning of a long answer', () => {
    const found = judgeEcho(Buffer.from('x'.repeat(10_000)), echostr);
    expect(found?.text.en.length).toBeLessThan(200);
  });
});
