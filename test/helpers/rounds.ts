/** How often a random search is repeated. */

/** A few rounds in `npm test`, which finds what breaks; many in `npm run test:load`, which finds what is rare. */
export function rounds(few: number, many: number): number {
  return process.env['WECHAT_MP_TEST_ROUNDS'] === 'many' ? many : few;
}
