/** What is said of the mistakes people make when they encrypt a callback. */
import type { Text } from '../../text/text.ts';

const layout: Text = {
  en: 'Encrypt 16 random bytes, 4 bytes with the length, the message, and the AppID',
  zh: '依次加密：16 字节随机数、4 字节长度、消息、AppID',
};
const padding: Text = {
  en: 'Fill up to a multiple of 32 bytes with bytes that hold their own number, and switch automatic padding off',
  zh: '按 PKCS#7 补足到 32 字节的整数倍，并关闭加密库的自动填充',
};

export const encryptionMistakeWords = {
  key_not_decoded: {
    text: {
      en: 'The EncodingAESKey was used as text; its first 32 characters became the key',
      zh: 'EncodingAESKey 未经 Base64 解码，前 32 个字符被直接当作密钥',
    },
    fix: {
      en: 'Decode the 43 characters and "=" as Base64 to 32 bytes',
      zh: '把 43 位字符加“=”做 Base64 解码，得到 32 字节密钥',
    },
  },
  aes_128: {
    text: { en: 'It was encrypted with AES-128 instead of AES-256', zh: '使用了 AES-128，应为 AES-256' },
    fix: {
      en: 'Use AES-256-CBC with all 32 bytes of the key',
      zh: '请使用 AES-256-CBC 和完整的 32 字节密钥',
    },
  },
  ecb: {
    text: { en: 'It was encrypted in ECB mode instead of CBC', zh: '使用了 ECB 模式，应为 CBC' },
    fix: {
      en: 'Use AES-256-CBC with the first 16 bytes of the key as IV',
      zh: '请使用 AES-256-CBC，IV 为密钥的前 16 字节',
    },
  },
  random_missing: {
    text: { en: 'The 16 random bytes at the beginning are missing', zh: '缺少开头的 16 字节随机数' },
    fix: layout,
  },
  length_missing: {
    text: { en: 'The 4 bytes with the length of the message are missing', zh: '缺少 4 字节的消息长度' },
    fix: layout,
  },
  length_little_endian: {
    text: { en: 'The length is written with its lowest byte first', zh: '长度写成了小端序' },
    fix: { en: 'Write the length in network order (big-endian)', zh: '长度应为网络字节序（大端）' },
  },
  length_in_characters: {
    text: { en: 'The length counts characters instead of bytes', zh: '长度按字符数计算，应按字节数' },
    fix: { en: 'Count the bytes of the message in UTF-8', zh: '请按 UTF-8 编码后的字节数计算' },
  },
  length_with_appid: {
    text: { en: 'The length counts the AppID, too', zh: '长度把 AppID 也算了进去' },
    fix: { en: 'Count the bytes of the message alone', zh: '长度只计算消息本身的字节数' },
  },
  padding_missing: { text: { en: 'The padding is missing', zh: '缺少填充' }, fix: padding },
  padding_zero: { text: { en: 'It was filled up with zero bytes', zh: '用零字节做了填充' }, fix: padding },
  appid_missing: { text: { en: 'The AppID at the end is missing', zh: '缺少末尾的 AppID' }, fix: layout },
  encrypt_truncated: {
    text: { en: 'The end of "Encrypt" is cut off', zh: '“Encrypt”末尾被截断' },
    fix: {
      en: 'Pass the whole body; look for a limit of a column, a log or a buffer',
      zh: '请传入完整内容；检查字段、日志或缓冲区的长度限制',
    },
  },
} satisfies Readonly<Record<string, { readonly text: Text; readonly fix: Text }>>;
