/** What nobody sees in an editor: blanks at the edges, characters without a shape, and numbers where texts belong. */
import type { Codes } from './level.ts';
import { isObject } from '../../text/json-value.ts';
import { allFields } from '../menu.ts';
import { pointer } from './problem.ts';
import type { MenuProblem } from './problem.ts';

/** Characters without a shape of their own. Joiners (U+200C, U+200D) are not among them: emoji and scripts need them. */
const invisible = /[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;
const allInvisible = new RegExp(invisible, 'g');

/** The text without invisible characters and without blanks at its edges. */
export function withoutBlanks(text: string): string {
  return text.replaceAll(allInvisible, '').trim();
}

/** Warns of what cannot be seen in the texts of a button. Types and URLs have rules of their own for blanks. */
export function checkTexts(button: unknown, path: string): MenuProblem[] {
  if (!isObject(button)) return [];
  return ['name', ...allFields].flatMap((field): MenuProblem[] => {
    const value = button[field];
    // A name of nothing else is reported as that.
    if (typeof value !== 'string' || withoutBlanks(value) === '') return [];
    const place = pointer(path, field);
    const found = invisible.exec(value)?.[0];
    if (found !== undefined) return [invisibleCharacter(field, found, place)];
    return field !== 'url' && value !== value.trim() ? [blankAtEdge(field, value, place)] : [];
  });
}

function invisibleCharacter(field: string, character: string, path: string): MenuProblem {
  const point = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return {
    rule: 'invisible-character',
    severity: 'warning',
    path,
    text: {
      en: `"${field}" holds the invisible character ${point}`,
      zh: `“${field}”中有不可见字符 ${point}`,
    },
    hint: { en: 'Type the text again', zh: '请重新输入该文本' },
  };
}

function blankAtEdge(field: string, value: string, path: string): MenuProblem {
  const atEnd = value !== value.trimEnd();
  return {
    rule: 'blank-at-edge',
    severity: 'warning',
    path,
    text: {
      en: `"${field}" has a blank at the ${atEnd ? 'end' : 'start'}`,
      zh: `“${field}”${atEnd ? '末尾' : '开头'}有空格`,
    },
  };
}

/** The platform's tables say that these fields are texts. */
export function numberForText(field: string, value: number, path: string, codes: Codes): MenuProblem {
  return {
    rule: 'text-expected',
    severity: 'error',
    path,
    ...codes,
    text: { en: `"${field}" is a number; write "${value}"`, zh: `“${field}”是数字；请写作“${value}”` },
  };
}
