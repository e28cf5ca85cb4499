/** 服务器配置, and what the account's console has besides: whitelist, quotas, the clock, faults. */
import type { ComponentChild } from 'preact';
import { CallbackForm } from './callback-form.tsx';
import { ClockBox, ResetBox } from './clock-box.tsx';
import { FaultsBox } from './faults-box.tsx';
import { AccountBox, QuotaBox } from './account-box.tsx';

export function Settings(): ComponentChild {
  return (
    <div class="settings">
      <CallbackForm />
      <AccountBox />
      <ClockBox />
      <FaultsBox />
      <QuotaBox />
      <ResetBox />
    </div>
  );
}
