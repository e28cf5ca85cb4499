/** A new EncodingAESKey（消息加解密密钥）, for whoever wants to type one into the console. */

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Bytes that `createEncodingAESKey` wants: enough that no character is noticeably likelier than another. */
export const encodingAESKeyRandomBytes = 48;

/**
 * A new EncodingAESKey: 43 letters and digits.
 *
 * Quirk: 43 characters hold two bits more than the 32 bytes of the key. The last one is chosen so that these are 0,
 * because strict decoders refuse others.
 */
export function createEncodingAESKey(random48: Uint8Array): string {
  if (random48.length !== encodingAESKeyRandomBytes) throw new TypeError('random48 must be 48 bytes');
  let number = random48.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const take = (alphabet: string): string => {
    const size = BigInt(alphabet.length);
    const character = alphabet.charAt(Number(number % size));
    number /= size;
    return character;
  };
  const last = take(letters.replaceAll(/./g, (letter, index: number) => (index % 4 === 0 ? letter : '')));
  return `${Array.from({ length: 42 }, () => take(letters)).join('')}${last}`;
}
