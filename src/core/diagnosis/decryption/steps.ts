/** Decryption that explains itself: each step of opening a callback with its result and the official number. */
import { decryptCipher, openPlain, readCipher } from './layout.ts';
import { readBase64, readEnvelope, type Envelope, type EnvelopeSignature } from './envelope.ts';
import { failed, passed, skipped, type DecryptionStep } from './step.ts';
import { rightSignature } from './texts.ts';
import type { EncryptionMistake } from './encryption-mistakes.ts';
import { VerificationError } from '../../errors.ts';
import { readEncodingAESKey, signSorted, signUrl } from '../../callback/index.ts';
import type { CallbackMistake } from '../callback.ts';

export interface DecryptionReport {
  readonly ok: boolean;
  readonly steps: readonly DecryptionStep[];
  /** The plain message, where it could be opened. It may be there although `ok` is false: after a wrong signature. */
  readonly message?: string | undefined;
  /** Which of the two keys opened it. */
  readonly key?: 'current' | 'previous' | undefined;
  /** The AppID inside. */
  readonly appId?: string | undefined;
}

export interface DecryptionInput {
  /** An envelope in XML or JSON, or the text of `Encrypt` alone. */
  readonly body: string;
  /** 43 characters. */
  readonly encodingAESKey: string;
  /** The key before the last change in the console, for messages that were on their way. */
  readonly previousEncodingAESKey?: string | undefined;
  /** Not compared where it is missing. */
  readonly appId?: string | undefined;
  /** With the Token the signature is checked: that of the query, or else that of the envelope itself. */
  readonly callbackToken?: string | undefined;
  readonly query?: EnvelopeSignature | undefined;
  /** That of the query: a handshake may have it encrypted. */
  readonly echostr?: string | undefined;
}

/**
 * Opens an encrypted push or reply step by step（消息加解密说明）and goes on after a failed step as far as that makes
 * sense, as a person who looks for a mistake does. Never for what a server decides: it goes on after a wrong signature.
 * Never throws. Who looks for a mistake is loaded where there is one.
 */
export async function explainDecryption(input: DecryptionInput): Promise<DecryptionReport> {
  const [keyStep, keys] = readKeys(input);
  const [envelopeStep, envelope] = readEnvelope(input.body);
  const steps = [keyStep, envelopeStep];
  if (envelope === undefined) return { ok: false, steps };
  steps.push(await checkSignature(input, envelope));
  const [base64Step, encrypt] = await readBase64(envelope.encrypt);
  steps.push(base64Step);
  if (encrypt === undefined || keys.length === 0) return { ok: false, steps };
  const cipher = readCipher(encrypt);
  steps.push(cipher.step);
  if (cipher.bytes === undefined) return { ok: false, steps };
  const opened = await openWithAny(cipher.bytes, keys, {
    appId: input.appId,
    mayBeEchostr: envelope.isBare === true || envelope.encrypt === input.echostr,
  });
  steps.push(...opened.steps);
  return {
    ok: steps.every(({ status }) => status !== 'fail'),
    steps,
    message: opened.message,
    key: opened.key,
    appId: opened.appId,
  };
}

interface NamedKey {
  readonly name: 'current' | 'previous';
  readonly text: string;
  readonly key: Buffer;
}

function readKeys(input: DecryptionInput): readonly [DecryptionStep, readonly NamedKey[]] {
  const keys: NamedKey[] = [];
  let failure: VerificationError | undefined;
  for (const [name, text] of [
    ['current', input.encodingAESKey],
    ['previous', input.previousEncodingAESKey],
  ] as const) {
    if (text === undefined) continue;
    try {
      keys.push({ name, text, key: readEncodingAESKey(text) });
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined) return [failed('key', failure.text, failure.hint), keys];
  const both = input.previousEncodingAESKey !== undefined;
  return [
    passed('key', {
      en: `The EncodingAESKey has 43 characters and gives 32 bytes${both ? '; so does the previous one' : ''}`,
      zh: `EncodingAESKey 共 43 位，解码得到 32 字节${both ? '；上一个密钥也正确' : ''}`,
    }),
    keys,
  ];
}

async function checkSignature(input: DecryptionInput, envelope: Envelope): Promise<DecryptionStep> {
  const { query } = input;
  const given = query?.msgSignature === undefined && query?.signature === undefined ? envelope : query;
  const { msgSignature, signature, timestamp, nonce } = given;
  const { callbackToken } = input;
  const isWhole = (msgSignature ?? signature) !== undefined && timestamp !== undefined && nonce !== undefined;
  if (!isWhole) {
    return skipped('signature', {
      en: 'Not checked: give msg_signature, timestamp and nonce, or the whole URL',
      zh: '未校验：请给出 msg_signature、timestamp、nonce 或完整 URL',
    });
  }
  if (callbackToken === undefined) {
    return skipped('signature', {
      en: 'Not checked: there is no callback Token',
      zh: '未校验：没有配置令牌（Token）',
    });
  }
  const { encrypt } = envelope;
  // A handshake may have nothing but the signature of its URL.
  const kind = msgSignature === undefined ? 'signature' : 'msg_signature';
  const right =
    kind === 'signature'
      ? signUrl(callbackToken, timestamp, nonce)
      : signSorted([callbackToken, timestamp, nonce, encrypt]);
  const found = msgSignature ?? signature ?? '';
  if (found === right) return rightSignature(kind);
  const otherValues = { AppID: input.appId, EncodingAESKey: input.encodingAESKey };
  const { diagnoseCallback } = await import('../callback.ts');
  const mistakes = diagnoseCallback({
    given: found,
    kind,
    callbackToken,
    timestamp,
    nonce,
    encrypt,
    signature,
    otherValues,
  });
  return await wrongSignature(kind, mistakes);
}

async function wrongSignature(
  kind: 'signature' | 'msg_signature',
  mistakes: readonly CallbackMistake[],
): Promise<DecryptionStep> {
  const { joinMistakes } = await import('../search.ts');
  const { consolePlaces } = await import('../../account/console-places.ts');
  const mistake = joinMistakes(mistakes);
  const signed =
    kind === 'msg_signature'
      ? { en: ', nonce and "Encrypt"', zh: '、nonce、“Encrypt”' }
      : { en: ' and nonce', zh: '、nonce' };
  return failed(
    'signature',
    mistake?.text ?? {
      en: `${kind} does not belong to this Token, timestamp${signed.en}`,
      zh: `${kind} 与该令牌（Token）、timestamp${signed.zh}不符`,
    },
    mistake?.fix ?? {
      en: `Compare the Token with ${consolePlaces.messagePush.en}, and pass query and body of the same request`,
      zh: `请核对 ${consolePlaces.messagePush.zh}中的令牌，并使用同一次请求的参数和内容`,
    },
    mistakes.length === 0 ? undefined : mistakes.map(({ name }) => name).join('+'),
  );
}

interface Opened {
  readonly steps: readonly DecryptionStep[];
  readonly message?: string | undefined;
  readonly appId?: string | undefined;
  readonly key?: 'current' | 'previous' | undefined;
}

/** The key that opens it; where none does, what the current one shows, with the mistake that explains it. */
async function openWithAny(
  cipher: Buffer,
  keys: readonly NamedKey[],
  wanted: { readonly appId: string | undefined; readonly mayBeEchostr: boolean },
): Promise<Opened> {
  const attempts = keys.map((named) => ({
    named,
    opened: openPlain(decryptCipher(cipher, named.key), wanted),
  }));
  const right = attempts.find(({ opened }) => opened.steps.every(({ status }) => status !== 'fail'));
  if (right !== undefined) {
    const { named, opened } = right;
    const steps = named.name === 'previous' ? opened.steps.map(byPreviousKey) : opened.steps;
    return { ...opened, steps, key: named.name };
  }
  const [first] = attempts;
  if (first === undefined) return { steps: [] };
  const { named, opened } = first;
  const key = opened.message === undefined ? undefined : named.name;
  // A message that came out with its length and AppID was encrypted as it must be; what it says is another matter.
  if (opened.steps.find(({ status }) => status === 'fail')?.name === 'message') return { ...opened, key };
  const plain = decryptCipher(cipher, named.key);
  const { findEncryptionMistake } = await import('./encryption-mistakes.ts');
  const mistake = findEncryptionMistake({ cipher, plain, encodingAESKey: named.text, appId: wanted.appId });
  const steps = mistake === undefined ? opened.steps : explainFirstFailure(opened.steps, mistake);
  return { ...opened, steps, key };
}

/** What fails after it is a consequence, and says nothing more. */
function explainFirstFailure(
  steps: readonly DecryptionStep[],
  mistake: EncryptionMistake,
): readonly DecryptionStep[] {
  const index = steps.findIndex(({ status }) => status === 'fail');
  return steps.flatMap((step, position) => {
    if (position === index) return [failed(step.name, mistake.text, mistake.fix, mistake.name)];
    return position > index && step.status === 'fail' ? [] : [step];
  });
}

function byPreviousKey(step: DecryptionStep): DecryptionStep {
  if (step.name !== 'padding') return step;
  const { en, zh } = step.text;
  return {
    ...step,
    text: { en: `${en}, with the previous EncodingAESKey`, zh: `${zh}（使用上一个 EncodingAESKey）` },
  };
}
