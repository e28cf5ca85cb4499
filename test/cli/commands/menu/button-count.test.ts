import { expect, test } from 'vitest';
import { fakeWorld } from '../../../helpers/fake-io.ts';

test('push, pull and delete count buttons alike: those that do something', async () => {
  const view = (name: string) => ({ type: 'view', name, url: 'https://example.com/' });
  const menu = { button: [view('一'), { name: '二', sub_button: [view('三'), view('四')] }] };
  const world = fakeWorld({ files: { 'menu.json': JSON.stringify(menu) } });
  const counted = async (...words: readonly string[]): Promise<unknown> =>
    (JSON.parse((await world.run('menu', ...words, '--json')).stdout) as { buttons: unknown }).buttons;
  expect([
    await counted('push', 'menu.json', '--yes'),
    await counted('pull', '--out', 'pulled.json'),
    await counted('delete', '--dry-run'),
  ]).toEqual([3, 3, 3]);
});
