/** What nobody sees in an editor: blanks at the edges, and characters without a shape. */
import { isObject } from '../../text/json-value.ts';
import { allFields } from '../menu.ts';
import { menuWarning, pointer, type MenuProblem } from './problem.ts';

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
    if (found !== undefined)
      return [
        menuWarning('invisible-character', place, (say) => say.invisibleCharacter(field, codePoint(found))),
      ];
    if (field === 'url' || value === value.trim()) return [];
    const edge = value === value.trimEnd() ? 'start' : 'end';
    return [menuWarning('blank-at-edge', place, (say) => say.blankAtEdge(field, edge))];
  });
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
