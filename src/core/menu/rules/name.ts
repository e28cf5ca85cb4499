import { own } from '../../text/json-value.ts';
import { phoneWidth, shortenOnPhone } from '../../text/phone-width.ts';
import { excerpt } from '../../text/sanitise.ts';
import { withoutBlanks } from './blanks.ts';
import type { Level } from './level.ts';
import { menuError, menuWarning, pointer, type MenuProblem } from './problem.ts';

/** Checks that a button has a name and that it is not too long. */
export function checkName(button: unknown, path: string, level: Level): MenuProblem[] {
  const name = own(button, 'name');
  const place = pointer(path, 'name');
  if (typeof name === 'number')
    return [menuError('text-expected', place, (say) => say.numberForText('name', name), level.name)];
  if (typeof name !== 'string' || name === '')
    return [
      menuError('name-missing', name === undefined ? path : place, (say) => say.nameMissing, level.name),
    ];
  const bytes = Buffer.byteLength(name);
  if (bytes > level.nameBytes)
    return [
      menuError('name-bytes', place, (say) => say.nameBytes(level.isTop, bytes, level.nameBytes), level.name),
    ];
  // Quirk: an empty name is refused; what becomes of one that only looks empty is not documented.
  if (withoutBlanks(name) === '') return [menuWarning('name-blank', place, (say) => say.nameBlank)];
  if (phoneWidth(name) <= level.nameColumns) return [];
  const shown = shortenOnPhone(excerpt(name), level.nameColumns);
  return [
    menuWarning('name-shown', place, (say) => say.nameShown(level.isTop, level.nameColumns / 2, shown)),
  ];
}
