/** A link that the phone opens. The browser tab is this person's from then on, as WeChat's own browser is. */
import type { ComponentChildren } from 'preact';
import type { BrowseResult } from '../../../control/types/index.ts';
import { postControl } from '../../control.ts';
import { person } from '../../live.ts';
import { attempt } from '../../parts/notice.ts';
import { simulatedAddress } from '../links.ts';

interface PhoneLinkProps {
  /** Without one it is no link. */
  readonly href: string | undefined;
  readonly class?: string;
  readonly children: ComponentChildren;
}

export function PhoneLink({ href, class: name, children }: PhoneLinkProps) {
  if (href === undefined) return <div class={name}>{children}</div>;
  return (
    <a
      class={name}
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        void openAsPerson(href);
      }}
    >
      {children}
    </a>
  );
}

async function openAsPerson(href: string): Promise<void> {
  const openid = person.value?.openid;
  if (openid === undefined) return;
  // Browsers allow a new tab only while the click is being handled.
  const tab = open('about:blank', '_blank');
  if (tab !== null) tab.opener = null;
  const done = await attempt(async () => {
    const page = { url: simulatedAddress(href, location.origin) };
    const { url } = await postControl<BrowseResult>(`phone/${encodeURIComponent(openid)}/browse`, page);
    if (tab === null) location.assign(url);
    else tab.location.replace(url);
  });
  if (!done) tab?.close();
}
