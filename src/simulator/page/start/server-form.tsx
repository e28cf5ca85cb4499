/** Where the developer's server is; the rest of 服务器配置 is among the settings. */
import type { ComponentChild } from 'preact';
import { callback } from '../live.ts';
import { CallbackResult, CheckButton, saveCallback } from '../parts/callback-check.tsx';
import { readForm } from '../parts/form.ts';
import { say } from '../words.ts';

export function ServerForm(): ComponentChild {
  const url = callback.value?.url ?? '';
  return (
    <section class="card-box" aria-labelledby="server-title">
      <h2 id="server-title">{say({ en: 'Your message server', zh: '你的服务器' })}</h2>
      <p class="hint" id="server-hint">
        {say({
          en: 'WeChat pushes messages and events to this URL, and checks it before saving it',
          zh: '消息和事件会推送到此地址；与微信一样，提交时先校验',
        })}
      </p>
      <form
        class="inline"
        onSubmit={(event) => {
          const text = (readForm(event)['url'] ?? '').trim();
          void saveCallback({ url: text === '' ? null : text });
        }}
      >
        <label for="server-url" class="sr">
          {say({ en: "My server's URL", zh: '服务器地址（URL）' })}
        </label>
        <input
          id="server-url"
          type="url"
          name="url"
          class="mono"
          key={url}
          defaultValue={url}
          placeholder="http://localhost:3000/wechat"
          aria-describedby="server-hint"
        />
        <CheckButton />
      </form>
      <CallbackResult />
      {url === '' && (
        <p class="hint">
          {say({
            en: 'No server yet? Set the variables below, run "wechat-mp serve" and enter http://127.0.0.1:8080/wechat',
            zh: '还没有服务器？设置下方的环境变量，运行“wechat-mp serve”，然后填写 http://127.0.0.1:8080/wechat',
          })}
        </p>
      )}
    </section>
  );
}
