/** Where the developer's server is; the rest of 服务器配置 is among the settings. */
import { callback } from '../live.ts';
import { Box, Hint } from '../parts/box.tsx';
import { CallbackResult, CheckButton, saveCallback } from '../parts/callback-check.tsx';
import { LineForm } from '../parts/form.tsx';

export function ServerForm() {
  const url = callback.value?.url ?? '';
  return (
    <Box id="server" title={{ en: 'Your message server', zh: '你的服务器' }} hint={urlField.hint}>
      <LineForm
        id="server"
        field={{ ...urlField, value: url }}
        submit={(text) => saveCallback({ url: text === '' ? null : text })}
      >
        <CheckButton />
      </LineForm>
      <CallbackResult />
      {url === '' && (
        <Hint
          text={{
            en: 'No server yet? Set the variables below, run "wechat-mp serve" and enter http://127.0.0.1:8080/wechat',
            zh: '还没有服务器？设置下方的环境变量，运行“wechat-mp serve”，然后填写 http://127.0.0.1:8080/wechat',
          }}
        />
      )}
    </Box>
  );
}

const urlField = {
  name: 'url',
  label: { en: "My server's URL", zh: '服务器地址（URL）' },
  kind: 'url',
  mono: true,
  placeholder: 'http://localhost:3000/wechat',
  hint: {
    en: 'WeChat pushes messages and events to this URL, and checks it before saving it',
    zh: '消息和事件会推送到此地址；与微信一样，提交时先校验',
  },
} as const;
