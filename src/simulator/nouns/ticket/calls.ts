/** 获取 ticket: the ticket of the JS-SDK and of cards. */
import { addEndpoint, type ApiApp } from '../../server/endpoint.ts';
import type { Platform } from '../../account/platform.ts';

export function addTicketRoutes(app: ApiApp, platform: Platform): void {
  addEndpoint(app, platform, {
    method: 'GET',
    path: '/cgi-bin/ticket/getticket',
    credential: 'access_token',
    answer: ({ query }) => {
      const { ticket, expiresInSeconds } = platform.tickets.fetch(query('type'));
      return { errcode: 0, errmsg: 'ok', ticket, expires_in: expiresInSeconds };
    },
  });
}
