import { expect, test } from 'vitest';
import { describeTool } from '../../src/cli/commands/help/tree.ts';
import { formatManPage } from './man-page.ts';

const tool = await describeTool([], ({ en }) => en);
const page = formatManPage(tool);

test('the manual page has each command with its flags, and every variable and exit code', () => {
  for (const { path, options } of tool.commands) {
    const part = page
      .split('.SS "')
      .find((each) => each.startsWith(`wechat\\-mp ${path.join(' ')}`.replaceAll(/(?<!\\)-/g, '\\-')));
    for (const { flags } of options)
      expect(part, `${path.join(' ')} ${flags.join()}`).toContain(
        (flags.at(-1) ?? '').replaceAll('-', '\\-'),
      );
  }
  for (const { name } of tool.variables) expect(page).toContain(`.B ${name}`);
  for (const code of Object.keys(tool.exit_codes)) expect(page).toContain(`.B ${code}\n`);
});

test('the manual page has no request that nobody meant, and no hyphen that would become a dash', () => {
  const requests = page.split('\n').filter((line) => line.startsWith('.'));
  const known = /^\.(?:TH|SH|SS|TP|B|I|RI|PP|nf|fi|RS|RE)(?: |$)/;
  expect(requests.filter((line) => !known.test(line))).toEqual([]);
  expect(page.split('\n').filter((line) => line.startsWith("'") || /(?<!\\)-/.test(line))).toEqual([]);
});
