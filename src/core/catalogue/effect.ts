/** What a call does to the account and to people, so that nobody does by accident what cannot be taken back. */
import { own } from '../text/json-value.ts';
import type { CallSummary } from './catalogue.ts';

/**
 * `read` changes nothing; `write` changes what can be changed again; `reaches_people` is seen by people outside, and
 * `irreversible` cannot be taken back, or uses up what there are few of.
 */
export type Effect = 'read' | 'write' | 'reaches_people' | 'irreversible';

/** Whether somebody should be asked first. */
export function isGrave(effect: Effect): boolean {
  return effect === 'reaches_people' || effect === 'irreversible';
}

/** What is sent with a call. */
interface Sent {
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** As a value. */
  readonly body?: unknown;
}

/** The effect of a call with these parameters, which may make a call graver or harmless. */
export function effectOf({ name, effect }: Pick<CallSummary, 'name' | 'effect'>, sent: Sent): Effect {
  switch (name) {
    case 'qrcode.create':
      // A permanent code: there are 100000 of them, and none can be deleted.
      return String(own(sent.body, 'action_name')).startsWith('QR_LIMIT') ? 'irreversible' : effect;
    case 'token.stable':
      // Ends the token that everybody else holds; 20 times a day.
      return own(sent.body, 'force_refresh') === true ? 'irreversible' : effect;
    case 'draft.switch':
      return own(sent.query, 'checkonly') === '1' ? 'read' : effect;
    default:
      return effect;
  }
}
