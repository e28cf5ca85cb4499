/** Which failed calls may be sent again, and what to say about changes that may have been made. */
import { PlatformError, WechatMpError } from '../core/errors.ts';
import type { Text } from '../core/text/text.ts';

/** Whether a call changes anything, and, for one that does, how a person finds out whether it has. */
export type Effect = { readonly effect: 'read' } | { readonly effect: 'write'; readonly check: Text };

/**
 * Whether the same request may be sent once more: it is worth it, and it changes nothing or was certainly not sent.
 * A timeout has used up the time of the call, and what was silent for so long will be silent again.
 */
export function mayRepeat(error: WechatMpError, { effect }: Effect): boolean {
  if (error.family !== 'network' || !error.retryable || timeouts.has(error.type)) return false;
  return effect === 'read' || !wasSent(error);
}

const timeouts: ReadonlySet<string> = new Set(['timeout', 'relay_silent', 'relay_upstream_timeout']);

/** What `exchange` says about itself when nothing was sent. */
function wasSent(error: WechatMpError): boolean {
  return error.facts['request_sent'] !== false;
}

/**
 * The error to show. For a call that changes something, was sent, and got neither a proof nor a refusal, it says that
 * the change may or may not have been made, and how to find out; any other error stays as it is.
 */
export function unknownOutcome(error: WechatMpError, call: Effect): WechatMpError {
  const isCertain = !wasSent(error) || error.facts['request_refused'] === true;
  if (call.effect === 'read' || error.family !== 'network' || isCertain) return error;
  return new WechatMpError({
    family: 'network',
    type: error.type,
    text: {
      en: `${error.text.en}; the change may or may not have happened`,
      zh: `${error.text.zh}；变更可能已经生效，也可能没有`,
    },
    hint: call.check,
    details: error.details,
    retryable: false,
    facts: { ...error.facts, outcome: 'unknown' },
    cause: error.cause,
  });
}

/** Whether a change that ended with this error may have been made: looking is the only way to know. */
export function isUnclear(error: unknown): error is WechatMpError {
  if (!(error instanceof WechatMpError)) return false;
  // "System error" (-1) is no refusal either: it does not say how far the platform came.
  return (
    error.facts['outcome'] === 'unknown' || (error instanceof PlatformError && error.family === 'network')
  );
}
