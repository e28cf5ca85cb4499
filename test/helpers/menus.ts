/** Menus by the thousand: as people write them, and every shape that a comparison may meet. */
import * as fc from 'fast-check';
import { buttonFields, type NormalButton, type NormalMenu } from '../../src/core/menu/menu.ts';

const names = fc.constantFrom('歌曲', '搜索', '更多', '我的', 'shop', 'a');
const texts = fc.constantFrom('k1', 'k2', 'k3');

/** A button without buttons; few different values, so that equal ones meet. */
export const leaves: fc.Arbitrary<NormalButton> = fc.constantFrom(...Object.entries(buttonFields)).chain(
  ([type, fields]) =>
    fc.record({
      name: names,
      type: fc.constant(type),
      ...Object.fromEntries(fields.map((field) => [field, valueOf(field)])),
    }) as fc.Arbitrary<NormalButton>,
);

function valueOf(field: string): fc.Arbitrary<string> {
  if (field === 'url') return texts.map((text) => `https://shop.example/${text}`);
  if (field === 'appid') return fc.constant('wx286b93c14bbf93aa');
  return texts;
}

const parents: fc.Arbitrary<NormalButton> = fc.record({
  name: names,
  sub_button: fc.array(leaves, { minLength: 1, maxLength: 5 }),
});

/** A menu that the platform takes. */
export const menus: fc.Arbitrary<NormalMenu> = fc.record({
  button: fc.array(fc.oneof(leaves, parents), { minLength: 1, maxLength: 3 }),
});

/** Two menus that have much in common: the second is the first with its buttons shuffled about and one of them changed. */
export const menuPairs: fc.Arbitrary<readonly [NormalMenu, NormalMenu]> = fc.oneof(
  fc.tuple(menus, menus),
  menus.chain((menu) => {
    const all = menu.button.flatMap((button) => [...(button.sub_button ?? [button])]);
    const shuffled = fc.shuffledSubarray(all, { minLength: 1 });
    const extra = fc.array(leaves, { maxLength: 2 });
    return fc
      .tuple(shuffled, extra, fc.array(names, { minLength: 3, maxLength: 3 }))
      .map(([kept, added, titles]) => [menu, rebuilt([...kept, ...added], titles)] as const);
  }),
);

/** Spreads buttons over a menu: the first stays on top, the others go into sub-menus of five. */
function rebuilt(buttons: readonly NormalButton[], titles: readonly string[]): NormalMenu {
  const [first, ...rest] = buttons;
  const chunks = [rest.slice(0, 5), rest.slice(5, 10)].filter((chunk) => chunk.length > 0);
  const subMenus = chunks.map((chunk, index) => ({ name: titles[index] ?? '', sub_button: chunk }));
  return { button: [...(first === undefined ? [] : [first]), ...subMenus] };
}
