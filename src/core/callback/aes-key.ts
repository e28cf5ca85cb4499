import { isEncodingAESKey } from '../account/index.ts';
import { VerificationError } from '../errors.ts';

/**
 * The 32 bytes of an EncodingAESKey（消息加解密密钥） of the console. Throws `VerificationError` (`key`).
 * Apart from what decrypts: a server refuses a wrong key before it loads that.
 *
 * Quirk: 43 characters hold two bits too many. Consoles hand out keys where these bits are set; Node ignores them.
 */
export function readEncodingAESKey(text: string): Buffer {
  if (isEncodingAESKey(text)) return Buffer.from(`${text}=`, 'base64');
  const isOdd = /\W|_/.test(text);
  throw new VerificationError('key', {
    en: `Cannot use this EncodingAESKey: it must be 43 letters and digits, got ${text.length} characters${isOdd ? ', not all such' : ''}`,
    zh: `EncodingAESKey 无效：应为 43 位英文字母或数字，实际为 ${text.length} 个字符${isOdd ? '，含其他字符' : ''}`,
  });
}
