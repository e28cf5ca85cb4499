import { integer } from 'fast-check';

/**
 * Any character of Unicode, for texts of a random test. The library's own unit `binary` is the same, but takes a second
 * to be made.
 */
export const anyCharacter = integer({ min: 0, max: 0x10_ff_ff - 0x8_00 }).map((number) =>
  // Halves of characters are none.
  String.fromCodePoint(number < 0xd8_00 ? number : number + 0x8_00),
);
