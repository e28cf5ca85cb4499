import { describe, expect, test } from 'vitest';
import { fetchTicket } from '../../src/api/ticket.ts';
import { apiClient } from '../helpers/api-client.ts';

const ticket = 'bxLdikRXVbTPdHSM05e5u5sUoXNKd8-41ZO3MhKoyN5OfkWITDGgnr2fwJ0m9E8NYzWKVZvdVtaUgWvsdshFKA';

describe('fetchTicket()', () => {
  test.each(['jsapi', 'wx_card'] as const)('gets a ticket of type %s', async (type) => {
    const { client, fake } = apiClient({ body: { errcode: 0, errmsg: 'ok', ticket, expires_in: 7200 } });
    expect(await fetchTicket(client, type)).toEqual({
      value: ticket,
      expiresInSeconds: 7200,
      issuedAtMs: undefined,
    });
    expect(fake.requests[0]).toMatchObject({
      method: 'GET',
      url: `http://127.0.0.1:8090/cgi-bin/ticket/getticket?type=${type}&access_token=SIM_token`,
    });
  });

  test.each([
    ['no ticket', { errcode: 0, expires_in: 7200 }],
    ['no life', { errcode: 0, ticket }],
    ['a life above two hours', { errcode: 0, ticket, expires_in: 7201 }],
  ])('refuses %s', async (_what, body) => {
    await expect(fetchTicket(apiClient({ body }).client, 'jsapi')).rejects.toMatchObject({
      type: 'credential_answer_invalid',
    });
  });

  test('passes on the refusal of the platform', async () => {
    const { client } = apiClient({ body: { errcode: 48001, errmsg: 'api unauthorized' } });
    await expect(fetchTicket(client, 'jsapi')).rejects.toMatchObject({
      family: 'account',
      type: 'no_permission',
    });
  });
});
