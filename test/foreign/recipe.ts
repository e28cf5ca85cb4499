/** The settings that the simulator's pages give for other people's libraries, taken from there, so that they are what is tested. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

export const readmes = ['src/simulator/README.md', 'src/simulator/README.zh-CN.md'] as const;

/** The code of a library's row, with this address in the place of the usual one. */
export function recipeOf(
  library: string,
  url: string,
  readme: (typeof readmes)[number] = readmes[0],
): string {
  const text = readFileSync(path.join(root, readme), 'utf8');
  const code = new RegExp(`^\\| ${library} +\\| [^\`|]*\`([^\`]+)\``, 'm').exec(text)?.[1];
  if (code === undefined) throw new Error(`${readme} has no setting for ${library}`);
  return code.replaceAll('http://127.0.0.1:8090', url);
}
