/** 获取 ticket: the ticket of the JS-SDK and of cards. */
import { endpoint, inQuery, ok } from '../../server/endpoint.ts';

export const ticketCalls = [
  endpoint({
    method: 'GET',
    path: '/cgi-bin/ticket/getticket',
    reads: inQuery('type'),
    fills: { type: { value: 'jsapi' } },
    answer({ type }, { tickets }) {
      const { ticket, expiresInSeconds } = tickets.fetch(type);
      return { ...ok, ticket, expires_in: expiresInSeconds };
    },
  }),
];
