/** `crypto key`: a new EncodingAESKey（消息加解密密钥）. */
import { createEncodingAESKey, encodingAESKeyRandomBytes } from '../../../core/callback/index.ts';
import { defineCommand } from '../../frame/command.ts';

export const command = defineCommand({
  examples: [
    { command: 'wechat-mp crypto key', text: { en: 'A new key', zh: '生成新密钥' } },
    {
      command: 'export WECHAT_MP_AES_KEY="$(wechat-mp crypto key)"',
      text: { en: 'Try safe mode locally', zh: '在本地试用安全模式' },
    },
  ],
  output: {
    en: '43 letters and digits. Enter the same key in the console and at the server.\nJSON: {"encoding_aes_key"}',
    zh: '43 位字母和数字。请在后台和服务器上填写同一个密钥。\nJSON：{"encoding_aes_key"}',
  },
  effect: 'none',
  async run(context) {
    const key = createEncodingAESKey(context.io.random.bytes(encodingAESKeyRandomBytes));
    context.print({ encoding_aes_key: key }, key);
  },
});
