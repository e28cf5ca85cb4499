/** What the console has about the account. */
import type { ComponentChild } from 'preact';
import { postControl } from '../control.ts';
import { settings } from '../live.ts';
import { readForm } from '../parts/form.ts';
import { attempt, notify } from '../parts/notice.ts';
import { say } from '../words.ts';
import { IpRequests, isListOn, readWhitelist, Whitelist } from './whitelist.tsx';

export function AccountBox(): ComponentChild {
  const { whitelist, web_auth_domains: domains } = settings.value;
  const allowed = Array.isArray(domains) ? domains.join('\n') : '';
  return (
    <section class="card-box" aria-labelledby="account-title">
      <h2 id="account-title">{say({ en: 'Account', zh: '账号' })}</h2>
      <form onSubmit={(event) => void saveAccount(readForm(event))}>
        <Whitelist whitelist={whitelist} />
        <Switch name="ip_confirmation">
          {say({
            en: 'Other addresses wait for the administrator',
            zh: '其他 IP 调用时由管理员确认',
          })}
        </Switch>
        <div class="field">
          <label for="web-domains">
            {say({ en: 'Web authorisation domains, one a line', zh: '网页授权域名，每行一个' })}
          </label>
          <textarea
            id="web-domains"
            name="web_auth_domains"
            class="mono"
            rows={2}
            key={allowed}
            defaultValue={allowed}
            placeholder="localhost:3000"
            aria-describedby="web-domains-hint"
          />
          <p class="hint" id="web-domains-hint">
            {say({ en: 'Empty: every domain', zh: '留空表示不限制域名' })}
          </p>
        </div>
        <Switch name="secret_frozen">{say({ en: 'The AppSecret is frozen', zh: 'AppSecret 已冻结' })}</Switch>
        <Switch name="test_account">
          {say({ en: 'Test account with its smaller quotas', zh: '测试号（配额较小）' })}
        </Switch>
        <div class="actions">
          <button type="submit">{say({ en: 'Save', zh: '保存' })}</button>
        </div>
      </form>
      <IpRequests />
    </section>
  );
}

type SwitchName = 'ip_confirmation' | 'secret_frozen' | 'test_account';

/** A tick that follows the account until somebody changes it. */
function Switch({ name, children }: { name: SwitchName; children: string }): ComponentChild {
  const isOn = settings.value[name] === true;
  return (
    <label class="check">
      <input type="checkbox" name={name} key={String(isOn)} defaultChecked={isOn} />
      {children}
    </label>
  );
}

async function saveAccount(form: Readonly<Record<string, string>>): Promise<void> {
  const domains = (form['web_auth_domains'] ?? '').split(/[\s,，;；]+/).filter((domain) => domain !== '');
  await attempt(async () => {
    settings.value = await postControl<Readonly<Record<string, unknown>>>('settings', {
      whitelist: readWhitelist(form),
      ip_confirmation: 'ip_confirmation' in form,
      web_auth_domains: domains,
      secret_frozen: 'secret_frozen' in form,
      test_account: 'test_account' in form,
    });
    isListOn.value = null;
    notify({ en: 'Saved', zh: '已保存' });
  });
}
