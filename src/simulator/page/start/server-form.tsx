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
          en: 'Messages and events are pushed to this URL. It is checked before it is saved, as WeChat does',
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
            en: 'No server yet? "wechat-mp serve" is one: http://127.0.0.1:8080/wechat, started with the variables below',
            zh: '还没有服务器？用下方的环境变量运行“wechat-mp serve”，地址为 http://127.0.0.1:8080/wechat',
          })}
        </p>
      )}
    </section>
  );
}
