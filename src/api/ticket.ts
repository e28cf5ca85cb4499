/** Tickets for signing web pages and cards. */
import { checkIssued, type IssuedCredential } from '../core/access-token.ts';
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
  const answer = await client.call({
    method: 'GET',
    path: '/cgi-bin/ticket/getticket',
    query: { type },
    idempotent: true,
    signal,
  });
  return checkIssued({
    value: answer.fields['ticket'],
    expiresInSeconds: answer.fields['expires_in'],
    issuedAtMs: answer.serverTimeMs,
  });
}
