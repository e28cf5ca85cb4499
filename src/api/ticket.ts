/** Tickets for signing web pages and cards. */
import { checkIssued, type IssuedCredential } from '../core/token/index.ts';
import type { Proof } from './answer.ts';
import type { Client } from './client.ts';

export type TicketType = 'jsapi' | 'wx_card';

/**
 * 获取 api_ticket (jsapi_ticket): `GET /cgi-bin/ticket/getticket`.
 * Quirk: a ticket lives its own 7200 seconds and survives a new access token.
 */
export async function fetchTicket(
  client: Client,
  type: TicketType,
  signal?: AbortSignal,
): Promise<IssuedCredential> {
  return await client.call({
    effect: 'read',
    method: 'GET',
    path: '/cgi-bin/ticket/getticket',
    query: { type },
    proof: issuedTicket,
    signal,
  });
}

const issuedTicket: Proof<IssuedCredential> = {
  wanted: { en: 'a "ticket" with its "expires_in"', zh: '“ticket”及其“expires_in”' },
  find: ({ fields, serverTimeMs }) =>
    checkIssued({
      value: fields['ticket'],
      expiresInSeconds: fields['expires_in'],
      issuedAtMs: serverTimeMs,
    }),
};
