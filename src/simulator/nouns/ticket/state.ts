/** Tickets of the JS-SDK and of cards (jsapi_ticket, api_ticket). */
import type { Clock, Random } from '../../../io/ports.ts';
import { randomBase64Url } from '../../random/text.ts';
import { Refusal } from '../../server/refusal.ts';

const lifeMs = 7_200_000;
const types = ['jsapi', 'wx_card'];

interface Ticket {
  readonly value: string;
  readonly expiresAtMs: number;
}

export type SavedTickets = readonly (readonly [type: string, ticket: Ticket])[];

export function createTickets(clock: Clock, random: Random) {
  const tickets = new Map<string, Ticket>();
  return {
    /** The ticket of a type: the same one with the rest of its life, whatever happens to access tokens. Throws 40097. */
    fetch(type: string | undefined): { readonly ticket: string; readonly expiresInSeconds: number } {
      if (type === undefined || !types.includes(type)) throw new Refusal(40097);
      // One moment for the whole answer: a new ticket has all of its life.
      const nowMs = clock.now();
      let ticket = tickets.get(type);
      // In its last second a ticket would be handed out with a life of 0 seconds.
      if (ticket === undefined || ticket.expiresAtMs - nowMs < 1000) {
        ticket = { value: `SIM_${randomBase64Url(random, 84)}`, expiresAtMs: nowMs + lifeMs };
        tickets.set(type, ticket);
      }
      return { ticket: ticket.value, expiresInSeconds: Math.floor((ticket.expiresAtMs - nowMs) / 1000) };
    },
    /** The ticket that counts now, if one has been fetched. */
    current(type: string): string | undefined {
      const ticket = tickets.get(type);
      return ticket !== undefined && clock.now() < ticket.expiresAtMs ? ticket.value : undefined;
    },
    save: (): SavedTickets => [...tickets],
    restore(saved: SavedTickets): void {
      tickets.clear();
      for (const [type, ticket] of saved) tickets.set(type, ticket);
    },
    snapshot: (): Record<string, unknown> =>
      Object.fromEntries(
        [...tickets].map(([type, { value, expiresAtMs }]) => [
          type,
          { last4: value.slice(-4), expires_at: new Date(expiresAtMs).toISOString() },
        ]),
      ),
  };
}
