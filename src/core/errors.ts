import type { Text } from './text/text.ts';

/** What kind of trouble it is. Only `cli/exit.ts` knows which exit code belongs to which family. */
export type ErrorFamily =
  'negative' | 'usage' | 'input' | 'account' | 'api' | 'network' | 'limit' | 'local' | 'interrupted';

/** Machine-readable facts of an error; they appear as fields of the JSON error object. */
export interface ErrorFacts {
  /** The platform's number, for example 40164. */
  readonly errcode?: number;
  /** The platform's own words, always kept, without the rid. */
  readonly errmsg?: string;
  /** The platform's request id. */
  readonly rid?: string;
  readonly [name: string]: unknown;
}

export interface ErrorDescription {
  readonly family: ErrorFamily;
  /** Stable name in snake_case that scripts may rely on, for example `ip_not_allowed`. */
  readonly type: string;
  /** Capital first letter, active voice, no full stop: `Cannot read "menu.json": no such file`. Never holds a secret. */
  readonly text: Text;
  /** The next command or click. */
  readonly hint?: Text | undefined;
  /** Further lines between the message and the hint: where, who, when. */
  readonly details?: readonly Text[] | undefined;
  /** Whether the same call may succeed a little later without anybody doing anything. */
  readonly retryable?: boolean | undefined;
  readonly facts?: ErrorFacts | undefined;
  readonly cause?: unknown;
}

/** Every expected failure of the tool. A programmer's mistake is a plain `TypeError` instead. */
export class WechatMpError extends Error {
  override readonly name: string = 'WechatMpError';
  readonly family: ErrorFamily;
  readonly type: string;
  readonly text: Text;
  readonly hint: Text | undefined;
  readonly details: readonly Text[];
  readonly retryable: boolean;
  readonly facts: ErrorFacts;

  constructor(description: ErrorDescription) {
    super(description.text.en, description.cause === undefined ? {} : { cause: description.cause });
    this.family = description.family;
    this.type = description.type;
    this.text = description.text;
    this.hint = description.hint;
    this.details = description.details ?? [];
    this.retryable = description.retryable ?? false;
    this.facts = description.facts ?? {};
  }

  /** The same error, told otherwise. */
  with(changes: Partial<ErrorDescription>): WechatMpError {
    const { family, type, text, hint, details, retryable, facts, cause } = this;
    return new WechatMpError({ family, type, text, hint, details, retryable, facts, cause, ...changes });
  }
}

/** The platform answered with an `errcode` other than 0. `facts.errcode` is always there. */
export class PlatformError extends WechatMpError {
  override readonly name = 'PlatformError';
  readonly errcode: number;

  constructor(description: ErrorDescription & { readonly facts: ErrorFacts & { readonly errcode: number } }) {
    super(description);
    this.errcode = description.facts.errcode;
  }
}

/** Which step of opening a callback failed, with the error number of the official sample code (消息加解密). */
export type VerificationCheck =
  | 'signature' // -40001
  | 'xml' // -40002
  | 'key' // -40004
  | 'appid' // -40005
  | 'encrypt' // -40006
  | 'decrypt' // -40007
  | 'buffer' // -40008
  | 'base64'; // -40010

/** A signature or an envelope that is not genuine. It never reveals the value that would have been right. */
export class VerificationError extends WechatMpError {
  override readonly name = 'VerificationError';
  readonly check: VerificationCheck;

  constructor(check: VerificationCheck, text: Text, hint?: Text) {
    super({
      family: 'negative',
      type: `${check}_invalid`,
      text,
      hint,
      facts: { sample_code: sampleCodes[check] },
    });
    this.check = check;
  }
}

const sampleCodes: Record<VerificationCheck, number> = {
  signature: -40001,
  xml: -40002,
  key: -40004,
  appid: -40005,
  encrypt: -40006,
  decrypt: -40007,
  buffer: -40008,
  base64: -40010,
};

type MakeError = (type: string, text: Text, hint?: Text, facts?: ErrorFacts) => WechatMpError;

function errorOf(family: ErrorFamily): MakeError {
  return (type, text, hint, facts) => new WechatMpError({ family, type, text, hint, facts });
}

/** Input that cannot be understood: a file, a flag's value, a message. Exit code 2. */
export const inputError = errorOf('input');
/** A command line that cannot be understood. Exit code 2. */
export const usageError = errorOf('usage');
/** The answer is no: something differs, is not there, or was declined. Exit code 1. */
export const negativeError = errorOf('negative');
/** Credentials that are missing, or do not belong together. Exit code 3. */
export const accountError = errorOf('account');
/** Trouble of this machine: a file, a disk, a lock. Exit code 7. */
export const localError = errorOf('local');

/** The code of a system error, for example `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
