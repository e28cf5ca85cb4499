import { isWebField } from './type.ts';
import { own } from '../../text/json-value.ts';
import { allFields, buttonFields, isButtonType } from '../menu.ts';
import type { ButtonField } from '../menu.ts';
import { pointer } from './problem.ts';
import type { MenuProblem } from './problem.ts';
import { excerpt } from '../../text/sanitise.ts';

/** Keys of buttons, whatever their type. */
export const buttonKeys: readonly string[] = ['name', 'type', 'sub_button', ...allFields];

/** Warns of keys that no button has, and of those that this button does not use. */
export function checkKeys(button: Readonly<Record<string, unknown>>, path: string): MenuProblem[] {
  const type = own(button, 'type');
  const unknown = Object.keys(button)
    .filter((name) => !buttonKeys.includes(name) && !isWebField(type, name))
    .map((name) => unknownKey(name, path));
  return [...unknown, ...unusedFields(button, type, path)];
}

function unknownKey(name: string, path: string): MenuProblem {
  return {
    rule: 'unknown-key',
    severity: 'warning',
    path: pointer(path, name),
    at: 'key',
    text: { en: `A button has no key "${excerpt(name, 60)}"`, zh: `按钮没有“${excerpt(name, 60)}”这个键` },
    choices: { given: name, known: buttonKeys },
  };
}

/** Quirk: the platform takes a field that the type does not have, and forgets it. */
function unusedFields(button: Readonly<Record<string, unknown>>, type: unknown, path: string): MenuProblem[] {
  const children = own(button, 'sub_button');
  const isParent = Array.isArray(children) ? children.length > 0 : children !== undefined;
  const used = isParent ? [] : fieldsOf(type);
  if (used === undefined) return [];
  const owner = isParent
    ? { en: 'that has sub-buttons', zh: '按钮有二级菜单时，微信会忽略' }
    : { en: `of type "${String(type)}"`, zh: `按钮类型为“${String(type)}”时，微信会忽略` };
  return allFields
    .filter((field) => Object.hasOwn(button, field) && !used.includes(field))
    .map((field) => ({
      rule: 'field-unused',
      severity: 'warning',
      path: pointer(path, field),
      at: 'key',
      text: { en: `WeChat ignores "${field}" of a button ${owner.en}`, zh: `${owner.zh}“${field}”` },
    }));
}

/** The fields of a type; nothing for what is no type. */
export function fieldsOf(type: unknown): readonly ButtonField[] | undefined {
  return typeof type === 'string' && isButtonType(type) ? buttonFields[type] : undefined;
}
