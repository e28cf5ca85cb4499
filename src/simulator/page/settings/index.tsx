/** 服务器配置, and what the account's console has besides: whitelist, quotas, the clock, faults, customer service. */
import { requests, state } from '../live.ts';
import { CallbackForm } from './callback-form.tsx';
import { ClockBox, ResetBox } from './clock-box.tsx';
import { FaultsBox } from './faults-box.tsx';
import { AccountBox } from './account-box.tsx';
import { AutoReplyBox } from './auto-reply-box.tsx';
import { QuotaBox } from './quota-box.tsx';
import { ServiceBox } from './service-box.tsx';
import { TemplatesBox } from './templates-box.tsx';

export function Settings() {
  return (
    <div class="settings">
      <CallbackForm />
      <AccountBox />
      <ClockBox />
      <FaultsBox />
      <QuotaBox />
      <AutoReplyBox />
      <ServiceBox />
      <TemplatesBox />
      <ResetBox />
      <datalist id="known-paths">
        {knownPaths().map((path) => (
          <option key={path} value={path} />
        ))}
      </datalist>
    </div>
  );
}

/** Calls that have been made, to choose from where a path is asked for. */
function knownPaths(): readonly string[] {
  const counted = Object.keys(state.value?.counters ?? {});
  return [...new Set([...counted, ...requests.value.map(({ path }) => path)])].toSorted();
}
