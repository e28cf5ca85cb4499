/** 获取 ticket: the ticket of the JS-SDK and of cards. */
import { get, inQuery, ok } from '../../server/endpoint.ts';

export const calls = [
  get('/cgi-bin/ticket/getticket', {
    reads: inQuery('type'),
    fills: { type: { value: 'jsapi' } },
    answer({ type }, { tickets }) {
      const { ticket, expiresInSeconds } = tickets.fetch(type);
      return { ...ok, ticket, expires_in: expiresInSeconds };
    },
  }),
];
