/** What the platform takes as a menu: the rules of `core/menu`, as errcodes. */
import { buttonFields, checkDomains, isButtonType, validateMenu } from '../../../core/menu/index.ts';
import { isObject, own } from '../../../core/text/json-value.ts';
import { Refusal } from '../../server/refusal.ts';
import { type KeptButton, readButtons } from './button.ts';

/**
 * Only what the platform takes is looked at: the wrappers and extras of a menu file are nothing to it. Throws the errcode
 * of the first rule that is broken.
 */
export function checkMenu(menu: {
  readonly button: unknown;
  readonly matchrule?: unknown;
}): readonly KeptButton[] {
  for (const { severity, errcode } of validateMenu(menu)) {
    if (severity === 'error' && errcode !== undefined) throw new Refusal(errcode);
  }
  return keepButtons(menu.button);
}

/** Throws 65316 beyond three domains in all. */
export function checkDomainsOfAll(menus: readonly (readonly KeptButton[])[]): void {
  const problems = checkDomains(menus.map((each) => ({ menu: { button: readButtons(each) }, path: '' })));
  if (problems.some(({ severity }) => severity === 'error')) throw new Refusal(65316);
}

function keepButtons(list: unknown): readonly KeptButton[] {
  return Array.isArray(list) ? list.filter(isObject).map(keepButton) : [];
}

function keepButton(button: Readonly<Record<string, unknown>>): KeptButton {
  const children = keepButtons(own(button, 'sub_button'));
  const type = own(button, 'type');
  const isLeaf = children.length === 0 && typeof type === 'string' && isButtonType(type);
  const names = isLeaf ? ['type', 'name', ...buttonFields[type]] : ['name'];
  return { fields: Object.fromEntries(names.map((name) => [name, own(button, name)])), children };
}
