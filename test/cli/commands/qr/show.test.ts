import { describe, expect, test } from 'vitest';
import { formatQrTicket } from '../../../../src/core/qrcode/ticket.ts';
import { fakeWorld, startMs, type FakeWorld } from '../../../helpers/fake-io.ts';

const url = 'http://weixin.qq.com/q/02wPFKBmPJfu21QQPIxycG';
/** From an SDK's tests; see the vectors. */
const observed =
  'gQGA8DwAAAAAAAAAAS5odHRwOi8vd2VpeGluLnFxLmNvbS9xLzAyd1BGS0JtUEpmdTIxUVFQSXh5Y0cAAgS0IetiAwSAUQEA';
const nobody = { WECHAT_MP_APPID: undefined, WECHAT_MP_APPSECRET: undefined };
const json = (text: string) => JSON.parse(text) as Record<string, unknown>;

async function ticketOf(world: FakeWorld): Promise<string> {
  return String(json((await world.run('qr', 'create', '--scene', '1', '--json')).stdout)['ticket']);
}

describe('qr show', () => {
  test('draws a url on stderr and prints it, without asking anybody', async () => {
    const world = fakeWorld({ environment: nobody });
    const run = await world.run('qr', 'show', url);
    expect([run.code, run.stdout, world.requests]).toEqual([0, `${url}\n`, []]);
    expect(run.stderr).toContain('█');
    expect((await world.run('qr', 'show', url, '-q')).stderr).toBe('');
    expect(json((await world.run('qr', 'show', url, '--json')).stdout)).toMatchObject({
      ticket: null,
      url,
      expires_at: null,
      known: null,
    });
  });

  test('reads url and life out of a ticket with --offline', async () => {
    const world = fakeWorld({ environment: nobody });
    const run = await world.run('qr', 'show', '--offline', observed);
    expect([run.code, run.stdout, world.requests]).toEqual([0, `${url}\n`, []]);
    expect(run.stderr).toContain(
      '! Read out of the ticket (an observed layout, not a documented one): created 2022-08-04T01:32:36Z, expired 2022-08-05T01:32:36Z\n',
    );
    expect(json((await world.run('qr', 'show', '--offline', observed, '--json')).stdout)).toEqual({
      ticket: observed,
      url,
      created_at: '2022-08-04T01:32:36.000Z',
      expires_at: '2022-08-05T01:32:36.000Z',
      expired: true,
      known: null,
      file: null,
      bytes: null,
    });
  });

  test('says of a code that it lives until its last second', async () => {
    const ticket = (expireSeconds: number | undefined) =>
      formatQrTicket({ head: new Uint8Array(2), url, createdAtSeconds: startMs / 1000 - 60, expireSeconds });
    const expired = async (text: string) =>
      json((await fakeWorld().run('qr', 'show', '--offline', text, '--json')).stdout)['expired'];
    expect(await expired(ticket(60))).toBe(true);
    expect(await expired(ticket(61))).toBe(false);
    expect(await expired(ticket(undefined))).toBeNull();
    // The documentation's ticket of 2014 has the moment itself.
    expect(await expired(ticket(startMs / 1000))).toBe(true);
    expect(await expired(ticket(startMs / 1000 + 1))).toBe(false);
  });

  test('asks the platform whether it knows the ticket, without an account', async () => {
    const world = fakeWorld();
    const ticket = await ticketOf(world);
    const before = world.requests.length;
    const run = await world.run('qr', 'show', ticket, '--out', 'qr.jpg', '--json');
    expect(json(run.stdout)).toMatchObject({ ticket, known: true, file: 'qr.jpg' });
    expect(world.files.contents.get('/desk/qr.jpg')?.subarray(0, 2).toString('hex')).toBe('ffd8');
    expect(world.requests.slice(before)).toEqual(['GET 127.0.0.1:8090/cgi-bin/showqrcode']);
    const unknown = await world.run('qr', 'show', observed, '--json');
    expect([unknown.code, unknown.stdout]).toEqual([4, '']);
    expect(unknown.stderr).toContain('qr_ticket_invalid');
  });

  test.each([
    ['percent-encoded', (ticket: string) => encodeURIComponent(ticket)],
    ['with blanks for "+"', (ticket: string) => ticket.replaceAll('+', ' ')],
    [
      'inside its address',
      (ticket: string) => `https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`,
    ],
  ])('takes a ticket %s', async (_, change) => {
    const ticket = formatQrTicket({
      head: Uint8Array.of(0xfb, 0xef),
      url,
      createdAtSeconds: 0xfb_ef_be,
      expireSeconds: 0xff,
    });
    expect(ticket).toMatch(/[+/]/);
    const run = await fakeWorld().run('qr', 'show', '--offline', change(ticket), '--json');
    expect(json(run.stdout)).toMatchObject({ ticket, url });
  });

  test('draws an SVG of its own, also of a url', async () => {
    const world = fakeWorld();
    expect((await world.run('qr', 'show', url, '--out', 'code.svg', '-q')).code).toBe(0);
    expect(world.files.contents.get('/desk/code.svg')?.toString()).toMatch(/^<svg [^]*<\/svg>\n$/);
    expect((await world.run('qr', 'show', url, '--out', '-', '-q')).code).toBe(2);
  });

  test.each([
    [['nonsense'], 'ticket_invalid'],
    [['a\u001b[31m/b'], 'ticket_invalid'],
    [['ftp://example.com/x'], 'ticket_invalid'],
    [[url, '--out', 'qr.jpg'], 'ticket_needed'],
    [[observed, '--offline', '--out', 'qr.jpg'], 'flags_conflict'],
    [['A'.repeat(96)], 'ticket_unreadable'],
    [['A'.repeat(96), '--out', 'qr.svg'], 'ticket_unreadable'],
    [[], 'argument_missing'],
  ])('%j is exit 2 and asks nobody', async (words, type) => {
    const world = fakeWorld();
    const run = await world.run('qr', 'show', ...words, '--json');
    expect([run.code, world.requests]).toEqual([2, []]);
    expect(json(run.stderr)['error']).toMatchObject({ type });
  });

  test('fetches the picture of a ticket that it cannot read', async () => {
    const world = fakeWorld();
    await world.fault({ path: '/cgi-bin/showqrcode', status: 404, times: 1 });
    const run = await world.run('qr', 'show', 'A'.repeat(96), '--out', 'qr.jpg');
    expect([run.code, world.requests.length]).toEqual([4, 1]);
  });

  test('leaves an existing file alone without --force', async () => {
    const world = fakeWorld({ files: { 'code.svg': 'mine' } });
    expect((await world.run('qr', 'show', url, '--out', 'code.svg')).code).toBe(2);
    expect((await world.run('qr', 'show', url, '--out', 'code.svg', '--force')).code).toBe(0);
  });
});
