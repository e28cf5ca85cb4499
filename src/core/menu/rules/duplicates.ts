import { isObject, own } from '../../text/json-value.ts';
import { excerpt } from '../../text/sanitise.ts';
import { fieldsOf } from './fields.ts';
import { menuWarning, pointer, type MenuProblem } from './problem.ts';

interface PlacedButton {
  readonly button: Readonly<Record<string, unknown>>;
  readonly path: string;
  /** Where the list is that holds it. */
  readonly list: string;
}

/**
 * Warns of equal names in one list, which people cannot tell apart, and of equal keys in one menu, which the developer's
 * server cannot.
 */
export function checkDuplicates(menu: unknown, base: string): MenuProblem[] {
  const all = placedButtons(own(menu, 'button'), pointer(base, 'button'));
  return [
    ...repeated(all, 'name', ({ button, list }) => textId(own(button, 'name'), list)),
    ...repeated(all, 'key', ({ button }) =>
      fieldsOf(own(button, 'type'))?.includes('key') === true ? textId(own(button, 'key'), '') : undefined,
    ),
  ];
}

function placedButtons(value: unknown, path: string): PlacedButton[] {
  const inner = own(value, 'list');
  if (Array.isArray(inner)) return placedButtons(inner, pointer(path, 'list'));
  if (!Array.isArray(value)) return [];
  return value.flatMap((button: unknown, index): PlacedButton[] => {
    if (!isObject(button)) return [];
    const place = pointer(path, index);
    // A third level is a mistake of its own; nothing is looked for in it.
    const children = path.endsWith('/button')
      ? placedButtons(own(button, 'sub_button'), pointer(place, 'sub_button'))
      : [];
    return [{ button, path: place, list: path }, ...children];
  });
}

function textId(value: unknown, list: string): string | undefined {
  return typeof value === 'string' && value !== '' ? `${list} ${value}` : undefined;
}

function repeated(
  buttons: readonly PlacedButton[],
  field: 'name' | 'key',
  idOf: (button: PlacedButton) => string | undefined,
): MenuProblem[] {
  const seen = new Set<string>();
  return buttons.flatMap((placed): MenuProblem[] => {
    const id = idOf(placed);
    if (id === undefined) return [];
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    const value = excerpt(String(own(placed.button, field)), 60);
    return [
      menuWarning(`${field}-duplicate`, pointer(placed.path, field), (say) => say.duplicate(field, value)),
    ];
  });
}
