/** What the build makes out of the commands' own definitions, beside the programs. */
import { allLeaves } from '../../src/cli/commands/index.ts';
import { type CompletedCommand, tableName } from '../../src/cli/completion/complete.ts';
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
  return {
    ...Object.fromEntries(schemas),
    'wechat-mp.1': formatManPage(tool),
    [tableName]: JSON.stringify(await completionTable()),
  };
}

/** What completion needs of each command, by its words. */
async function completionTable(): Promise<Readonly<Record<string, CompletedCommand>>> {
  return Object.fromEntries(
    await Promise.all(
      allLeaves().map(async ({ words, leaf }) => {
        const { arguments: places, program, options, settings } = (await leaf.load()).command;
        return [words.join(' '), { arguments: places, program, options, settings }] as const;
      }),
    ),
  );
}
