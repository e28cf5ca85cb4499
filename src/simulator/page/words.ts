/** The language of the page: the browser's at first, then the one that was chosen. */
import { effect, signal } from '@preact/signals';
import type { Language, Text } from '../../core/text/text.ts';

const storageKey = 'wechat-mp.lang';

export const language = signal<Language>(firstLanguage());

/** The text in the language of the page. A component that calls it is drawn again when the language changes. */
export function say(text: Text): string {
  return text[language.value];
}

export function switchLanguage(): void {
  language.value = language.value === 'zh' ? 'en' : 'zh';
  try {
    localStorage.setItem(storageKey, language.value);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
  document.title = say({ en: 'wechat-mp simulator', zh: 'wechat-mp 微信模拟器' });
});

function firstLanguage(): Language {
  const kept = readStorage();
  if (kept === 'zh' || kept === 'en') return kept;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

function readStorage(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

/** `01-31 09:05` of an ISO time, where the browser is. */
export function dayAndTime(iso: string): string {
  const time = new Date(iso);
  const day = [time.getMonth() + 1, time.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${day.join('-')} ${timeOfDay(iso).slice(0, 5)}`;
}

/** `2026-01-31 09:05:07` of an ISO time, where the browser is. */
export function wholeTime(iso: string): string {
  return `${new Date(iso).getFullYear()}-${dayAndTime(iso).slice(0, 6)}${timeOfDay(iso)}`;
}

/** `09:05:07` of an ISO time, where the browser is. */
export function timeOfDay(iso: string): string {
  const time = new Date(iso);
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

const smallestUnit = [1, 'min', '分钟'] as const;
const units = [[1440, 'd', '天'], [60, 'h', '小时'], smallestUnit] as const;

/** How far the clock is ahead, in the largest unit that it fills. */
export function movedBy(offsetMs: number): Text {
  const minutes = offsetMs / 60_000;
  const [size, en, zh] = units.find(([least]) => minutes >= least) ?? smallestUnit;
  const number = Math.round((minutes / size) * 10) / 10;
  return { en: `+${number} ${en}`, zh: `+${number} ${zh}` };
}
