/** What the console has about the account, and what has been used of its quotas. */
import type { ComponentChild } from 'preact';
import { postControl } from '../control.ts';
import { settings, state } from '../live.ts';
import { readForm } from '../parts/form.ts';
import { attempt, notify } from '../parts/notice.ts';
import { say } from '../words.ts';

export function AccountBox(): ComponentChild {
  const { whitelist, secret_frozen: isFrozen, test_account: isTest } = settings.value;
  const addresses = Array.isArray(whitelist) ? whitelist.join('\n') : '';
  return (
    <section class="card-box" aria-labelledby="account-title">
      <h2 id="account-title">{say({ en: 'Account', zh: '账号' })}</h2>
      <form onSubmit={(event) => void saveAccount(readForm(event))}>
        <div class="field">
          <label for="whitelist">
            {say({ en: 'IP whitelist, one address a line', zh: 'IP 白名单，每行一个地址' })}
          </label>
          <textarea
            id="whitelist"
            name="whitelist"
            class="mono"
            rows={3}
            key={addresses}
            defaultValue={addresses}
          />
          <p class="hint">{say({ en: 'Empty: every address may call', zh: '留空表示不限制 IP' })}</p>
        </div>
        <label class="check">
          <input
            type="checkbox"
            name="secret_frozen"
            key={`f${String(isFrozen)}`}
            defaultChecked={isFrozen === true}
          />
          {say({ en: 'The AppSecret is frozen', zh: 'AppSecret 已冻结' })}
        </label>
        <label class="check">
          <input
            type="checkbox"
            name="test_account"
            key={`t${String(isTest)}`}
            defaultChecked={isTest === true}
          />
          {say({ en: 'Test account with its smaller quotas', zh: '测试号（配额较小）' })}
        </label>
        <div class="actions">
          <button type="submit">{say({ en: 'Save', zh: '保存' })}</button>
        </div>
      </form>
    </section>
  );
}

async function saveAccount(form: Readonly<Record<string, string>>): Promise<void> {
  const addresses = (form['whitelist'] ?? '').split(/[\s,，;；]+/).filter((address) => address !== '');
  await attempt(async () => {
    settings.value = await postControl<Readonly<Record<string, unknown>>>('settings', {
      whitelist: addresses.length === 0 ? null : addresses,
      secret_frozen: 'secret_frozen' in form,
      test_account: 'test_account' in form,
    });
    notify({ en: 'Saved', zh: '已保存' });
  });
}

export function QuotaBox(): ComponentChild {
  const counters = Object.entries(state.value?.counters ?? {});
  return (
    <section class="card-box" aria-labelledby="quota-title">
      <h2 id="quota-title">{say({ en: 'Quotas of today', zh: '今日配额' })}</h2>
      {counters.length === 0 ? (
        <p class="hint">{say({ en: 'Nothing has been used yet', zh: '今日尚未调用接口' })}</p>
      ) : (
        <ul class="quotas">
          {counters.map(([path, { used, limit }]) => (
            <li key={path}>
              <span class="mono wrap">{path}</span>
              <meter min={0} max={limit} value={used} aria-label={path} />
              <span class="quota-count">
                {used} / {limit}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
