/** What the console has about the account. */
import type { ComponentChild } from 'preact';
import { accountTypeNames, accountTypes } from '../../../core/account/index.ts';
import { postControl } from '../control.ts';
import { settings } from '../live.ts';
import { Choice } from '../parts/choice.tsx';
import { readForm } from '../parts/form.ts';
import { attempt, notify } from '../parts/notice.ts';
import { say } from '../words.ts';
import { IpRequests, isListOn, readWhitelist, Whitelist } from './whitelist.tsx';

export function AccountBox(): ComponentChild {
  const { whitelist, whitelist_scope: scope, web_auth_domains: domains, account_type: type } = settings.value;
  const allowed = Array.isArray(domains) ? domains.join('\n') : '';
  return (
    <section class="card-box" aria-labelledby="account-title">
      <h2 id="account-title">{say({ en: 'Account', zh: '账号' })}</h2>
      <form onSubmit={(event) => void saveAccount(readForm(event))}>
        <div class="field">
          <label for="account-type">{say({ en: 'Kind of account', zh: '账号类型' })}</label>
          <Choice
            name="account_type"
            id="account-type"
            value={type}
            choices={accountTypes.map((each) => [each, accountTypeNames[each]])}
          />
          <p class="hint">
            {say({
              en: 'What this kind may not call is refused with 48001',
              zh: '该类型无权调用的接口返回 48001',
            })}
          </p>
        </div>
        <Whitelist whitelist={whitelist} scope={scope} />
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
        <Switch name="open_platform">
          {say({
            en: 'Bound to the Open Platform: people have a UnionID',
            zh: '已绑定微信开放平台（有 UnionID）',
          })}
        </Switch>
        <Switch name="accept_chunked">
          {say({
            en: 'Take chunked bodies, which WeChat refuses with 412',
            zh: '接受 chunked 请求体（微信返回 412）',
          })}
        </Switch>
        <div class="actions">
          <button type="submit">{say({ en: 'Save', zh: '保存' })}</button>
        </div>
      </form>
      <IpRequests />
    </section>
  );
}

type SwitchName = 'ip_confirmation' | 'secret_frozen' | 'open_platform' | 'accept_chunked';

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
      open_platform: 'open_platform' in form,
      accept_chunked: 'accept_chunked' in form,
      account_type: form['account_type'],
      ...('whitelist_scope' in form && { whitelist_scope: form['whitelist_scope'] }),
    });
    isListOn.value = null;
    notify({ en: 'Saved', zh: '已保存' });
  });
}
