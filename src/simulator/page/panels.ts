/** Which panel is open. It is part of the address, so that a reload and a bookmark find it again. */
import { computed, effect, signal } from '@preact/signals';

export const panelNames = ['start', 'phone', 'requests', 'api', 'settings', 'jssdk'] as const;
export type PanelName = (typeof panelNames)[number];

/** Where the phone has room beside a panel. */
const wideWindow = matchMedia('(min-width: 900px)');
export const isWide = signal(wideWindow.matches);
wideWindow.addEventListener('change', ({ matches }) => (isWide.value = matches));

/** What was chosen, by hand or by the address; `null` until then. */
export const chosenPanel = signal<PanelName | null>(panelOfAddress());
/** What is open where nothing was chosen: the quick start, until there are requests. */
export const firstPanel = signal<'start' | 'later'>('start');
/** What is open. In a wide window the phone stands beside it. */
export const openPanel = computed<PanelName>(() => {
  const later = isWide.value ? 'requests' : 'phone';
  const open = chosenPanel.value ?? (firstPanel.value === 'start' ? 'start' : later);
  return open === 'phone' && isWide.value ? 'requests' : open;
});
addEventListener('hashchange', () => (chosenPanel.value = panelOfAddress()));
effect(() => {
  const chosen = chosenPanel.value;
  if (chosen !== null && panelOfAddress() !== chosen) history.replaceState(null, '', `#${chosen}`);
});

/** The entry of the requests that is open, `call-7` or `push-3`. */
export const openEntry = signal<string | null>(null);

/** Leads from a message of the chat to what was sent and answered. */
export function showPush(id: number): void {
  openEntry.value = `push-${id}`;
  chosenPanel.value = 'requests';
  requestAnimationFrame(() => document.getElementById(`push-${id}`)?.scrollIntoView({ block: 'start' }));
}

function panelOfAddress(): PanelName | null {
  const name = location.hash.slice(1);
  return panelNames.find((known) => known === name) ?? null;
}
