import { type Cipher, createCipheriv, createDecipheriv, type Decipher, type KeyObject } from 'node:crypto';

/** AES-256-CBC without padding: whole blocks of 16 bytes in, as many out. */
export interface CbcChain {
  /** `blocks` are overwritten. */
  encrypt(blocks: Buffer): Buffer;
  decrypt(blocks: Buffer): Buffer;
}

const blockBytes = 16;

/**
 * Encrypts and decrypts all messages with one cipher and one decipher, since making them costs more than a message.
 * CBC adds the IV to the first block, and a cipher that goes on adds the last block of ciphertext that it had before.
 * Added are both here: what was before cancels out, and the bytes are those of a cipher that begins with the IV.
 */
export function createCbcChain(key: KeyObject, iv: Uint8Array): CbcChain {
  let cipher: Cipher | undefined;
  let decipher: Decipher | undefined;
  const [lastEncrypted, lastDecrypted] = [Buffer.from(iv), Buffer.from(iv)];
  const begin = (blocks: Buffer, last: Buffer): void => {
    for (let index = 0; index < blockBytes; index += 1)
      blocks[index] = (blocks[index] ?? 0) ^ (last[index] ?? 0) ^ (iv[index] ?? 0);
  };
  // Of whole blocks without padding nothing is held back for `final()`.
  return {
    encrypt(blocks) {
      begin(blocks, lastEncrypted);
      cipher ??= createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
      const encrypted = cipher.update(blocks);
      encrypted.copy(lastEncrypted, 0, encrypted.length - blockBytes);
      return encrypted;
    },
    decrypt(blocks) {
      decipher ??= createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
      const plain = decipher.update(blocks);
      begin(plain, lastDecrypted);
      blocks.copy(lastDecrypted, 0, blocks.length - blockBytes);
      return plain;
    },
  };
}
