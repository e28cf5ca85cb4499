import type { MessageFormat } from '../core/callback/index.ts';
import type { VerificationCheck } from '../core/errors.ts';
import type { IncomingMessage } from '../core/message/index.ts';
import type { ReplyProblem, UserSees } from '../core/reply/index.ts';
import type { RefusedRequest, ServerRequest, ServerResponse } from '../io/ports.ts';
import type { Answered } from './answering.ts';

/** Why a request was refused. It goes to the log only; the sender never learns it. */
export type RefusalReason =
  | VerificationCheck
  | RefusedRequest['reason']
  | 'path'
  | 'method'
  | 'timestamp'
  | 'nonce'
  | 'skew'
  | 'echostr'
  | 'content_encoding'
  /** A mistake of this program. */
  | 'failed';

export type CallbackOutcome =
  | {
      readonly kind: 'handshake';
      readonly upstream?: Upstream | undefined;
      /** Whether the answer is `echostr` alone, as the platform wants it. */
      readonly echoed: boolean;
    }
  | {
      readonly kind: 'refused';
      readonly reason: RefusalReason;
      readonly error?: unknown;
      /** So many requests before it were refused without a word in the log. */
      readonly omitted?: number | undefined;
    }
  | {
      readonly kind: 'message';
      readonly message: IncomingMessage;
      /** `Event` on the wire; `undefined` for messages. */
      readonly event: string | undefined;
      /** What the push is called on the wire: its event or its type, `unknown` where it has neither. */
      readonly name: string;
      /** The plain message as it came. */
      readonly text: string;
      readonly encrypted: boolean;
      readonly format: MessageFormat;
      /** What was chosen here, of an answer that is given again its type; `undefined` where an upstream answered. */
      readonly answer: Answered['answer'] | undefined;
      /** The plain body of the answer; `undefined` where an upstream's envelope cannot be opened. */
      readonly body: string | undefined;
      /** The push had come before; the answer is the one it had. */
      readonly repeated: boolean;
      /** The reply was not ready in time. */
      readonly timedOut: boolean;
      readonly upstream?: Upstream | undefined;
      /** What the platform would make of the answer, where it was judged. */
      readonly verdict?:
        { readonly problems: readonly ReplyProblem[]; readonly userSees: UserSees } | undefined;
      /** Why the reply could not be made; `success` was sent instead. */
      readonly error?: unknown;
    };

/** The server that a request was forwarded to. */
export interface Upstream {
  /** `undefined` where it did not answer. */
  readonly status: number | undefined;
  readonly ms: number;
  /** Why it did not answer. */
  readonly error?: unknown;
}

/** One request as a command may log it. */
export type CallbackRecord = CallbackOutcome & {
  /** Counts the requests of this handler. */
  readonly id: string;
  /** Empty where it could not be read. */
  readonly method: string;
  readonly path: string;
  readonly remoteAddress: string;
  readonly status: number;
  readonly ms: number;
};

/** A request and its answer as they were on the wire. */
export interface Exchange {
  readonly request: ServerRequest;
  readonly response: ServerResponse;
}
