/** Which panel is open. It is part of the address, so that a reload and a bookmark find it again. */
import { effect, signal } from '@preact/signals';

export const panelNames = ['phone', 'traffic', 'api', 'settings', 'jssdk'] as const;
export type PanelName = (typeof panelNames)[number];

/** Where the phone has room beside a panel. */
const wideWindow = matchMedia('(min-width: 900px)');
export const isWide = signal(wideWindow.matches);
wideWindow.addEventListener('change', ({ matches }) => (isWide.value = matches));

export const chosenPanel = signal<PanelName>(panelOfAddress());
addEventListener('hashchange', () => (chosenPanel.value = panelOfAddress()));
effect(() => {
  if (panelOfAddress() !== chosenPanel.value) history.replaceState(null, '', `#${chosenPanel.value}`);
});

/** The entry of the traffic that is open, `call-7` or `push-3`. */
export const openEntry = signal<string | null>(null);

/** Leads from a message of the chat to what was sent and answered. */
export function showPush(id: number): void {
  openEntry.value = `push-${id}`;
  chosenPanel.value = 'traffic';
  requestAnimationFrame(() => document.getElementById(`push-${id}`)?.scrollIntoView({ block: 'start' }));
}

function panelOfAddress(): PanelName {
  const name = location.hash.slice(1);
  return panelNames.find((known) => known === name) ?? (isWide.peek() ? 'traffic' : 'phone');
}
