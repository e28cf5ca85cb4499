/** The list by keyboard: `/` searches, `j` and `k` go down and up; Enter opens what has the focus, as on every button. */
import { useEffect } from 'preact/hooks';

export function useListKeys(): void {
  useEffect(() => {
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

function press(event: KeyboardEvent): void {
  const { key, ctrlKey, metaKey, altKey, target } = event;
  if (ctrlKey || metaKey || altKey || isWriting(target) || document.querySelector('dialog[open]') !== null) {
    return;
  }
  if (key === '/') document.getElementById('requests-search')?.focus();
  else if (key === 'j') step(1);
  else if (key === 'k') step(-1);
  else return;
  event.preventDefault();
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select') !== null;
}

function step(by: 1 | -1): void {
  const heads = [...document.querySelectorAll<HTMLElement>('.requests .row-head')];
  const row = document.activeElement?.closest('.row')?.querySelector<HTMLElement>('.row-head');
  const place = row === null || row === undefined ? -1 : heads.indexOf(row);
  // From nowhere both begin at the newest one.
  heads[place === -1 ? 0 : Math.min(Math.max(place + by, 0), heads.length - 1)]?.focus();
}
