/** Which failed calls may be sent again, and what to say about those that may have been done. */
import { WechatMpError } from '../core/errors.ts';
import type { Text } from '../core/text.ts';

/** What `exchange` says about itself when nothing was sent. */
function wasSent(error: WechatMpError): boolean {
  return error.facts['request_sent'] !== false;
}

/**
 * Whether the same request may be sent once more: it is worth it, and it was certainly not done or may be done twice.
 */
export function mayRepeat(error: WechatMpError, isIdempotent: boolean): boolean {
  return error.family === 'network' && error.retryable && (isIdempotent || !wasSent(error));
}

/** Answers of a gateway that did not hand the call on. */
const refusedOnTheWay: ReadonlySet<string> = new Set(['redirect', 'http_not_loopback']);

/**
 * The error to show. For a call that changes something and whose answer was lost, it says that the change may have
 * been made, and how to find out; any other error stays as it is.
 */
export function unknownOutcome(
  error: WechatMpError,
  call: { readonly idempotent: boolean; readonly check?: Text | undefined },
): WechatMpError {
  const status = error.facts['http_status'];
  const refused = refusedOnTheWay.has(error.type) || (typeof status === 'number' && status < 500);
  if (call.idempotent || error.family !== 'network' || !wasSent(error) || refused) return error;
  return new WechatMpError({
    family: 'network',
    type: error.type,
    text: {
      en: `${error.text.en}; the change may have been made all the same`,
      zh: `${error.text.zh}；但变更可能已经生效`,
    },
    hint: call.check ?? {
      en: 'Check whether it was done before you run it again',
      zh: '请先确认是否已经生效，再决定是否重试',
    },
    details: error.details,
    retryable: false,
    facts: { ...error.facts, outcome: 'unknown' },
    cause: error.cause,
  });
}
