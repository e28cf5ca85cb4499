/** Buttons as the platform keeps them, and the two shapes in which it reads them out. */
/** A button with the fields that its type has; a type beside sub-buttons is gone. */
export interface KeptButton {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly children: readonly KeptButton[];
}

/** A button as menu/get and menu/trymatch write it: always with a list of sub-buttons. */
export interface ReadButton {
  readonly [field: string]: unknown;
  readonly sub_button: readonly ReadButton[];
}

/** Kept buttons never change, and a menu is read far more often than made. */
const readBefore = new WeakMap<readonly KeptButton[], readonly ReadButton[]>();

export function readButtons(buttons: readonly KeptButton[]): readonly ReadButton[] {
  const known = readBefore.get(buttons);
  if (known !== undefined) return known;
  const read = buttons.map(({ fields, children }) => ({ ...fields, sub_button: readButtons(children) }));
  readBefore.set(buttons, read);
  return read;
}

/** The shape of get_current_selfmenu_info: sub-buttons are an object with a list, and only where there are any. */
export function readLiveButtons(buttons: readonly KeptButton[]): readonly Record<string, unknown>[] {
  return buttons.map(({ fields, children }) => ({
    ...fields,
    ...(children.length > 0 && { sub_button: { list: readLiveButtons(children) } }),
  }));
}
