/** What the steps of decryption say, and what to do about it. */
import { failed, passed, type DecryptionStep } from './step.ts';

export function plainEchostr(): DecryptionStep {
  return failed(
    'envelope',
    {
      en: 'This is an echostr in the clear: nothing in it is encrypted',
      zh: '这是明文的 echostr，没有加密内容',
    },
    {
      en: 'Check its URL with: wechat-mp handshake check',
      zh: '校验其 URL：wechat-mp handshake check',
    },
    'not_encrypted',
  );
}

export function noEncrypt(isPlain: boolean): DecryptionStep {
  return failed(
    'envelope',
    {
      en: `There is no "Encrypt" in it${isPlain ? ': it is a message in the clear' : ''}`,
      zh: `其中没有“Encrypt”${isPlain ? '：这是一条明文消息' : ''}`,
    },
    {
      en: 'Set 消息加解密方式 to 安全模式 in the console to get encrypted messages',
      zh: '要接收密文，请在后台把“消息加解密方式”设为安全模式',
    },
    isPlain ? 'not_encrypted' : undefined,
  );
}

export function rightSignature(kind: 'signature' | 'msg_signature'): DecryptionStep {
  return kind === 'msg_signature'
    ? passed('signature', { en: 'msg_signature is right', zh: 'msg_signature 正确' })
    : passed('signature', {
        en: 'signature is right; there is no msg_signature, which would cover the ciphertext too',
        zh: 'signature 正确；没有 msg_signature，密文本身未被签名覆盖',
      });
}

export function wrongPadding(last: number): DecryptionStep {
  return failed(
    'padding',
    {
      en: `The padding is wrong: the last byte must be 1 to 32 and say how many have its value, got ${last}`,
      zh: `填充不正确：末字节应为 1 至 32，并等于填充字节的个数，实际为 ${last}`,
    },
    {
      en: 'Usually the EncodingAESKey is another one: compare it with the console, and give the one before the last change with --previous-aes-key-file',
      zh: '通常是 EncodingAESKey 不对：请与后台核对；若刚更换过密钥，可用 --previous-aes-key-file 给出上一个',
    },
  );
}

export function wrongLength(length: number, there: number): DecryptionStep {
  return failed(
    'length',
    {
      en: `The length field points behind the end: it says ${length} bytes, ${there} are there`,
      zh: `长度字段超出末尾：字段值为 ${length} 字节，实际只有 ${there} 字节`,
    },
    {
      en: 'Check that the message was encrypted with this EncodingAESKey and is complete',
      zh: '请确认消息由该 EncodingAESKey 加密且内容完整',
    },
  );
}

export function notUtf8(): DecryptionStep {
  return failed(
    'message',
    { en: 'The message is not UTF-8', zh: '消息不是 UTF-8 编码' },
    { en: 'Encode the message as UTF-8 before encrypting', zh: '加密前请按 UTF-8 编码' },
    'message_not_utf8',
  );
}
