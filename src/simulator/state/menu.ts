/** The custom menu (自定义菜单) that the account shows. */
import { isObject, own } from '../../core/json-value.ts';
import { buttonFields, isButtonType } from '../../core/menu.ts';
import { validateMenu } from '../../core/menu-rules.ts';
import { Refusal } from '../refusal.ts';

/** A button as menu/get writes it: the fields that its type has, and always a list of sub-buttons. */
interface ReadButton {
  readonly [field: string]: unknown;
  readonly sub_button: readonly ReadButton[];
}

export interface MenuState {
  /** Replaces the whole menu. Throws the errcode of the first rule it breaks, and then the old one stays. */
  create(body: unknown): void;
  /** Throws 46003 when there is none. */
  get(): readonly ReadButton[];
  /** Quirk: deleting what is not there is no error. */
  delete(): void;
  snapshot(): readonly ReadButton[] | null;
}

export function createMenuState(): MenuState {
  let menu: readonly ReadButton[] | undefined;
  return {
    create(body) {
      // Only the list itself: the wrappers and extras of a menu file are nothing that the platform would take.
      const button = own(body, 'button');
      for (const { severity, errcode } of validateMenu({ button })) {
        if (severity === 'error' && errcode !== undefined) throw new Refusal(errcode);
      }
      menu = readButtons(button);
    },
    get() {
      if (menu === undefined) throw new Refusal(46003);
      return menu;
    },
    delete() {
      menu = undefined;
    },
    snapshot: () => menu ?? null,
  };
}

function readButtons(list: unknown): readonly ReadButton[] {
  return Array.isArray(list) ? list.filter(isObject).map(readButton) : [];
}

function readButton(button: Readonly<Record<string, unknown>>): ReadButton {
  const subButtons = readButtons(own(button, 'sub_button'));
  const type = own(button, 'type');
  // Quirk: a type beside sub-buttons is ignored.
  const isLeaf = subButtons.length === 0 && typeof type === 'string' && isButtonType(type);
  const fields = isLeaf ? ['type', 'name', ...buttonFields[type]] : ['name'];
  return {
    ...Object.fromEntries(fields.map((field) => [field, own(button, field)])),
    sub_button: subButtons,
  };
}
