/** A menu as the phone shows it, and what each button does. */
import { second, top } from './rules/level.ts';
import type { NormalButton, NormalMenu } from './menu.ts';
import { subButtons, topButtons } from './limits.ts';
import { shortenOnPhone } from '../text/phone-width.ts';
import { sanitiseLine } from '../text/sanitise.ts';
import { terminalWidth } from '../text/terminal-width.ts';

/** Room for a name of the second level and its "…". */
const boxColumns = second.nameColumns + 1;

/**
 * Draws the menu bar with its sub-menus open above it, names cut as the app cuts them, and below it every button with
 * its whole name, its type and its target. Several lines, no newline at the end.
 */
export function drawMenu(menu: NormalMenu): string {
  return [...drawPhone(menu.button), '', ...listButtons(menu.button)].join('\n');
}

function drawPhone(buttons: readonly NormalButton[]): string[] {
  const columns = buttons.slice(0, topButtons.max).map(drawColumn);
  const height = largest(columns, (lines) => lines.length);
  return Array.from({ length: height }, (_, row) =>
    columns
      // Sub-menus open upwards, so all columns end at the same line.
      .map((lines) => lines[row - height + lines.length] ?? ' '.repeat(boxColumns + 4))
      .join(' ')
      .trimEnd(),
  );
}

/** A button of the menu bar and the sub-menu above it. */
function drawColumn(button: NormalButton): string[] {
  const edge = '─'.repeat(boxColumns + 2);
  const children = (button.sub_button ?? []).slice(0, subButtons.max);
  const name = shortenOnPhone(nameOf(button), top.nameColumns);
  const bar = `│ ${centred(children.length > 0 ? `≡ ${name}` : name)} │`;
  if (children.length === 0) return [`┌${edge}┐`, bar, `└${edge}┘`];
  const above = children.map((child) => `│ ${centred(shortenOnPhone(nameOf(child), second.nameColumns))} │`);
  return [`┌${edge}┐`, ...above, `├${edge}┤`, bar, `└${edge}┘`];
}

function centred(text: string): string {
  const room = Math.max(0, boxColumns - terminalWidth(text));
  const left = Math.floor(room / 2);
  return ' '.repeat(left) + text + ' '.repeat(room - left);
}

interface Row {
  readonly label: string;
  readonly type: string;
  readonly target: string;
}

function listButtons(buttons: readonly NormalButton[]): string[] {
  const rows = buttons.flatMap((button) => {
    const children = button.sub_button ?? [];
    return [
      rowOf('', button),
      ...children.map((child, index) => rowOf(index === children.length - 1 ? '└─ ' : '├─ ', child)),
    ];
  });
  const labels = largest(rows, ({ label }) => terminalWidth(label));
  const types = largest(rows, ({ type }) => type.length);
  return rows.map(({ label, type, target }) =>
    `${label}${' '.repeat(labels - terminalWidth(label))}  ${type.padEnd(types)}  ${target}`.trimEnd(),
  );
}

/** Not by `Math.max(...)`: a file that is no menu may have half a million rows, and that is too many arguments. */
function largest<T>(items: readonly T[], sizeOf: (item: T) => number): number {
  return items.reduce((size, item) => Math.max(size, sizeOf(item)), 0);
}

/** What a tap leads to; the page for old clients that cannot open a mini program comes last. */
const targetFields = ['key', 'media_id', 'article_id', 'appid', 'pagepath', 'url', 'value'] as const;

function rowOf(branch: string, button: NormalButton): Row {
  const targets = targetFields.map((field) => button[field]).filter((target) => typeof target === 'string');
  return {
    label: branch + nameOf(button),
    type: sanitiseLine(button.type ?? ''),
    target: targets.map(sanitiseLine).join('  '),
  };
}

/** Names come from strangers as well: nothing in them may break the drawing. */
function nameOf(button: NormalButton): string {
  return sanitiseLine(button.name ?? '');
}
