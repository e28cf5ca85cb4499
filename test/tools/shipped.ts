/** What the build makes out of the commands' own definitions, beside the programs. */
import { describeTool } from '../../src/cli/commands/help/tree.ts';
import { shippedSchemas } from './file-schemas.ts';
import { formatManPage } from './man-page.ts';

/** Texts by their place below `dist`. */
export async function shippedTexts(): Promise<Readonly<Record<string, string>>> {
  const tool = await describeTool([], ({ en }) => en);
  const schemas = Object.entries(shippedSchemas()).map(([name, schema]) => [
    `schemas/${name}`,
    `${JSON.stringify(schema, null, 1)}\n`,
  ]);
  return { ...Object.fromEntries(schemas), 'wechat-mp.1': formatManPage(tool) };
}
