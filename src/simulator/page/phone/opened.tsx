/** The page that a tap opened. It is not shown here: it belongs to somebody else, and a link leads there. */
import { signal } from '@preact/signals';
import { say } from '../words.ts';
import { safeHref } from './links.ts';
import { PhoneLink } from './dialogs/phone-link.tsx';

export const opened = signal<string | null>(null);

export function Opened() {
  const address = opened.value;
  if (address === null) return null;
  const href = safeHref(address);
  return (
    <div class="opened" role="status">
      <span>{say({ en: 'The phone opens', zh: '手机打开了' })}</span>
      {href === undefined ? (
        <span class="mono">{address}</span>
      ) : (
        <PhoneLink href={href}>{address}</PhoneLink>
      )}
      <button
        type="button"
        class="icon"
        aria-label={say({ en: 'Close', zh: '关闭' })}
        onClick={() => (opened.value = null)}
      >
        ×
      </button>
    </div>
  );
}
