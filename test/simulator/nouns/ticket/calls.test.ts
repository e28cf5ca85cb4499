import { describe, expect, test } from 'vitest';
import { simulate } from '../../simulated.ts';

const getticket = '/cgi-bin/ticket/getticket';

describe('GET /cgi-bin/ticket/getticket', () => {
  test('answers a ticket with errcode 0 and its own two hours', async () => {
    const { ask, path } = simulate();
    expect(await ask('GET', await path(`${getticket}?type=jsapi`))).toEqual({
      errcode: 0,
      errmsg: 'ok',
      ticket: expect.stringMatching(/^SIM_[A-Za-z0-9_-]{84}$/),
      expires_in: 7200,
    });
  });

  test('has one ticket for each type', async () => {
    const { ask, path } = simulate();
    const jsapi = await ask('GET', await path(`${getticket}?type=jsapi`));
    const card = await ask('GET', await path(`${getticket}?type=wx_card`));
    expect(card.errcode).toBe(0);
    expect(card.ticket).not.toBe(jsapi.ticket);
  });

  test('returns the same ticket with the rest of its life until its last second', async () => {
    const { ask, path, advance } = simulate();
    const { ticket } = await ask('GET', await path(`${getticket}?type=jsapi`));
    await advance('7199s');
    expect(await ask('GET', await path(`${getticket}?type=jsapi`))).toMatchObject({ ticket, expires_in: 1 });
    await advance('1ms');
    const next = await ask('GET', await path(`${getticket}?type=jsapi`));
    expect(next).toMatchObject({ ticket: expect.any(String), expires_in: 7200 });
    expect(next.ticket).not.toBe(ticket);
  });

  test('keeps the ticket when the access token is replaced', async () => {
    const { ask, path, stable } = simulate();
    const { ticket } = await ask('GET', await path(`${getticket}?type=jsapi`));
    await stable(true);
    expect((await ask('GET', await path(`${getticket}?type=jsapi`))).ticket).toBe(ticket);
  });

  test('refuses a wrong type with 40097, POST with 43001', async () => {
    const { errcode, path } = simulate();
    expect(await errcode('GET', await path(getticket))).toBe(40097);
    expect(await errcode('GET', await path(`${getticket}?type=JSAPI`))).toBe(40097);
    expect(await errcode('POST', await path(`${getticket}?type=jsapi`))).toBe(43001);
    expect(await errcode('GET', `${getticket}?type=jsapi`)).toBe(41001);
  });
});
