import type { MessageFormat } from '../core/callback.ts';
import type { VerificationCheck } from '../core/errors.ts';
import type { IncomingMessage } from '../core/message.ts';
import type { Answer } from './echo.ts';

/** Why a request was refused. It goes to the log only; the sender never learns it. */
export type RefusalReason =
  | VerificationCheck
  | 'path'
  | 'method'
  | 'timestamp'
  | 'nonce'
  | 'skew'
  | 'echostr'
  | 'content_encoding'
  | 'body_too_large'
  /** A mistake of this program. */
  | 'failed';

export type CallbackOutcome =
  | { readonly kind: 'handshake' }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly error?: unknown }
  | {
      readonly kind: 'message';
      readonly message: IncomingMessage;
      /** The plain message as it came. */
      readonly text: string;
      readonly encrypted: boolean;
      readonly format: MessageFormat;
      readonly answer: Answer;
      /** The plain body of the answer. */
      readonly body: string;
      /** The push had come before; the answer is the one it had. */
      readonly repeated: boolean;
      /** The reply was not ready in time. */
      readonly timedOut: boolean;
      /** Why the reply could not be made; `success` was sent instead. */
      readonly error?: unknown;
    };

/** One request as a command may log it. */
export type CallbackRecord = CallbackOutcome & {
  /** Counts the requests of this handler. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly remoteAddress: string;
  readonly status: number;
  readonly ms: number;
};
