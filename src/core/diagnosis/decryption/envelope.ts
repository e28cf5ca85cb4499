import { decodeBase64, parseFields } from '../../callback/index.ts';
import { failed, passed, type DecryptionStep } from './step.ts';
import { noEncrypt, plainEchostr } from './texts.ts';
import { VerificationError } from '../../errors.ts';
import { textField } from '../../message/index.ts';

/** The signature beside an `Encrypt` text. */
export interface EnvelopeSignature {
  readonly msgSignature?: string | undefined;
  /** That of the URL, which does not cover `Encrypt`: all that a handshake may have. */
  readonly signature?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly nonce?: string | undefined;
}

export interface Envelope extends EnvelopeSignature {
  readonly encrypt: string;
  /** The text of `Encrypt` without an envelope, as an encrypted echostr stands in a query. */
  readonly isBare?: boolean;
}

/** Finds `Encrypt` in a body, XML or JSON, or takes a bare Base64 text for it. */
export function readEnvelope(body: string): readonly [DecryptionStep, Envelope?] {
  const trimmed = body.replace(/^\uFEFF/, '').trim();
  if (/^\d{1,32}$/.test(trimmed)) return [plainEchostr()];
  if (/^[A-Za-z0-9+/=_%\s-]{16,}$/.test(trimmed)) {
    const text = { en: 'This is the text of "Encrypt" alone', zh: '内容就是“Encrypt”的文本' };
    return [passed('envelope', text), { encrypt: trimmed, isBare: true }];
  }
  try {
    const fields = parseFields(trimmed);
    const encrypt = textField(fields, 'Encrypt');
    if (encrypt === undefined || encrypt.trim() === '') return [noEncrypt(fields['MsgType'] !== undefined)];
    const format = trimmed.startsWith('{') ? 'JSON' : 'XML';
    const text = {
      en: `The envelope is ${format}; "Encrypt" has ${encrypt.trim().length} characters`,
      zh: `信封为 ${format}，“Encrypt”共 ${encrypt.trim().length} 个字符`,
    };
    return [
      passed('envelope', text),
      {
        encrypt: encrypt.trim(),
        msgSignature: textField(fields, 'MsgSignature')?.trim(),
        timestamp: textField(fields, 'TimeStamp')?.trim(),
        nonce: textField(fields, 'Nonce')?.trim(),
      },
    ];
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return [
      failed('envelope', error.text, {
        en: 'Pass the whole body as it came, an <xml> element or a JSON object with "Encrypt"',
        zh: '请原样传入完整内容：含“Encrypt”的 <xml> 元素或 JSON 对象',
      }),
    ];
  }
}

/** The right spelling of `Encrypt`, also where it had to be repaired; `undefined` where it could not be. */
export async function readBase64(encrypt: string): Promise<readonly [DecryptionStep, string?]> {
  const bytes = decodeBase64(encrypt)?.length;
  if (bytes !== undefined) {
    return [
      passed('base64', { en: `Base64 gives ${bytes} bytes`, zh: `Base64 解码得到 ${bytes} 字节` }),
      encrypt,
    ];
  }
  const { findBase64Mistake } = await import('./encryption-mistakes.ts');
  const mistake = findBase64Mistake(encrypt);
  const step = failed(
    'base64',
    {
      en: `"Encrypt" must be standard Base64 with padding${mistake === undefined ? '' : `: ${mistake.text.en}`}`,
      zh: `“Encrypt”应为带填充的标准 Base64${mistake === undefined ? '' : `：${mistake.text.zh}`}`,
    },
    {
      en: 'Take "Encrypt" from the raw body as it came',
      zh: '请从原始消息体中原样读取“Encrypt”',
    },
    mistake?.name,
  );
  return mistake === undefined ? [step] : [step, mistake.repaired];
}
