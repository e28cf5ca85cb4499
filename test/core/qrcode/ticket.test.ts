import { describe, expect, test } from 'vitest';
import { formatQrTicket, parseQrTicket } from '../../../src/core/qrcode/ticket.ts';
import { vectors } from '../../helpers/vectors.ts';

const wanted = (vector: (typeof vectors.qr_ticket_layout)[number]) => ({
  head: Buffer.from(vector.head_hex, 'hex').subarray(2, 4),
  url: vector.url,
  createdAtSeconds: vector.time,
  expireSeconds: vector.expire_seconds,
});

describe('parseQrTicket()', () => {
  test('there are ten observed tickets', () => {
    expect(vectors.qr_ticket_layout).toHaveLength(10);
  });

  test.each(vectors.qr_ticket_layout)('parseQrTicket() reads $ticket', (vector) => {
    expect(parseQrTicket(vector.ticket)).toEqual(wanted(vector));
  });

  test('parseQrTicket() reads a ticket that does not say when it expires', () => {
    const ticket = {
      head: Buffer.from([0xf8, 0xee]),
      url: 'http://weixin.qq.com/q/x',
      createdAtSeconds: 4_294_967_295,
    };
    expect(parseQrTicket(formatQrTicket(ticket))).toEqual(ticket);
  });

  const good = Buffer.from(vectors.qr_ticket_layout[0]?.ticket ?? '', 'base64');
  const changed = (position: number, value: number) => {
    const bytes = Buffer.from(good);
    bytes[position] = value;
    return bytes.toString('base64');
  };
  test.each([
    ['the empty text', ''],
    ['other text', 'TICKET'],
    ['another alphabet', '!!!!'],
    ['a cut ticket', good.subarray(0, 60).toString('base64')],
    ['a longer ticket', Buffer.concat([good, Buffer.from([0])]).toString('base64')],
    ['another magic', changed(0, 0x80)],
    ['another length', changed(4, 57)],
    ['a byte where zeros stand', changed(7, 1)],
    ['a url that runs over the end', changed(13, 200)],
    ['a url without its end', changed(57, 65)],
  ])('parseQrTicket() refuses %s', (_name, ticket) => {
    expect(parseQrTicket(ticket)).toBeUndefined();
  });
});

describe('formatQrTicket()', () => {
  test.each(vectors.qr_ticket_layout)('formatQrTicket() writes $ticket', (vector) => {
    expect(formatQrTicket(wanted(vector)).replace(/=+$/, '')).toBe(vector.ticket.replace(/=+$/, ''));
    expect(Buffer.from(formatQrTicket(wanted(vector)), 'base64')).toHaveLength(vector.bytes);
  });

  test('formatQrTicket() refuses what does not fit', () => {
    const ticket = { head: Buffer.alloc(2), url: 'x', createdAtSeconds: 0 };
    expect(() => formatQrTicket({ ...ticket, head: Buffer.alloc(3) })).toThrow(TypeError);
    expect(() => formatQrTicket({ ...ticket, url: 'x'.repeat(255) })).toThrow(TypeError);
  });
});
