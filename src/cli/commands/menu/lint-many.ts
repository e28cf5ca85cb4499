/** `menu lint` of several files and of folders: one after the other, each printed as soon as it is checked. */
import { join, resolve } from 'node:path';
import { inputError, systemCode, WechatMpError } from '../../../core/errors.ts';
import { unwrapMenu } from '../../../core/menu/index.ts';
import { isObject, own } from '../../../core/text/json-value.ts';
import { readLimits } from '../../../core/text/read-limits.ts';
import { sanitiseLine } from '../../../core/text/sanitise.ts';
import type { Context } from '../../context.ts';
import { unreadable } from '../../files/input-file.ts';
import { inputName } from '../../files/text-input.ts';
import { foldTalk } from '../../frame/fold.ts';
import { formatJson } from '../../frame/output.ts';
import { closestTo } from '../../frame/suggest.ts';
import { errorObject } from '../../report.ts';
import { isFolder } from './file.ts';
import { type Linting, type LintReport, plural, tellSummary } from './lint-print.ts';
import { annotateUnreadable } from './lint-problems.ts';

/** So many files that cannot be read are told at the end. */
const shownTroubles = 20;

/** Prints every file, and throws at the end where some could not be read. Returns the exit code. */
export async function lintMany(
  context: Context,
  paths: readonly string[],
  linting: Linting,
): Promise<number> {
  const run = new LintRun(context, linting);
  for (const path of paths) await (isFolder(context, path) ? run.lintFolder(path) : run.lintFile(path));
  return run.end();
}

/** Holds names and numbers only, however many files there are. */
class LintRun {
  readonly #context: Context;
  readonly #linting: Linting;
  readonly #counts = { files: 0, errors: 0, warnings: 0, unreadable: 0 };
  readonly #troubles: WechatMpError[] = [];
  readonly #seen = new Set<string>();
  readonly #skipped = new Set<string>();
  #problems = 0;
  #ok = true;

  constructor(context: Context, linting: Linting) {
    this.#context = context;
    this.#linting = linting;
  }

  /** A file that was named is checked, whatever it holds. */
  async lintFile(path: string): Promise<void> {
    if (!this.#isNew(path)) return;
    try {
      await this.#print(await this.#linting.check(path));
    } catch (error) {
      this.#meet(path, error);
    }
  }

  async lintFolder(folder: string): Promise<void> {
    let [found, menus] = [0, 0];
    const missed = this.#counts.unreadable;
    for (const path of this.#jsonFilesBelow(folder)) {
      found += 1;
      if (this.#seen.has(this.#placeOf(path)) || (await this.#lintFound(path))) menus += 1;
      else this.#skip(path);
    }
    // Where one could not look, there may be one.
    if (menus === 0 && this.#counts.unreadable === missed) this.#meet(folder, noMenuIn(folder, found));
  }

  end(): number {
    const { files, unreadable: missed } = this.#counts;
    const { format } = this.#linting;
    if (format === 'json') {
      this.#writeLine(
        formatJson({ type: 'summary', ok: this.#ok, ...this.#counts, skipped: this.#skipped.size }),
      );
    }
    const about = { en: plural(files, 'file'), zh: `${files} 个文件` };
    if (files > 0) tellSummary(this.#context, format, about, { ...this.#counts, problems: this.#problems });
    this.#noteSkipped();
    if (missed > 0) throw this.#trouble(missed);
    return this.#ok ? 0 : 1;
  }

  /** Whether it is a menu, as far as one can see. */
  async #lintFound(path: string): Promise<boolean> {
    try {
      const report = await this.#linting.check(path);
      if (!looksLikeMenu(report.value)) return false;
      if (this.#isNew(path)) await this.#print(report);
    } catch (error) {
      const found = this.#look(path);
      if (found === 'other') return false;
      if (this.#isNew(path)) this.#meet(path, found === 'gone' ? unreadable(path, 'ENOLINK') : error);
    }
    return true;
  }

  /** What a file is that could not be checked. A menu with a comma too many, or in GBK, is a menu. */
  #look(path: string): 'menu' | 'other' | 'gone' {
    try {
      const bytes = this.#context.io.files.read(path, readLimits.text);
      // It is listed, so it is a link; and where that led, there may have been a menu.
      if (bytes === undefined) return 'gone';
      return bytes.toString('latin1').replaceAll('\0', '').includes('"button"') ? 'menu' : 'other';
    } catch (error) {
      // Longer than any menu. What must not be read may be one.
      return error instanceof WechatMpError ? 'other' : 'menu';
    }
  }

  /** In the order of their names, so that two runs can be compared. */
  *#jsonFilesBelow(folder: string): Generator<string> {
    let entries;
    try {
      entries = this.#context.io.files.entries(folder);
    } catch (error) {
      this.#meet(folder, unreadable(folder, systemCode(error) ?? String(error)));
      return;
    }
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const { name } = entry;
      if (name.startsWith('.') || name === 'node_modules') continue;
      // A folder behind a link is not gone into: it may lead in a circle.
      if (entry.isDirectory()) yield* this.#jsonFilesBelow(join(folder, name));
      else if (name.endsWith('.json') && (entry.isFile() || entry.isSymbolicLink())) yield join(folder, name);
    }
  }

  #placeOf(path: string): string {
    return path === '-' ? path : resolve(this.#context.io.directory, path);
  }

  #isNew(path: string): boolean {
    const place = this.#placeOf(path);
    if (this.#seen.has(place)) return false;
    this.#seen.add(place);
    return true;
  }

  async #print(report: LintReport): Promise<void> {
    const { format, print } = this.#linting;
    this.#counts.files += 1;
    this.#counts.errors += report.errors;
    this.#counts.warnings += report.warnings;
    this.#problems += report.problems.length;
    this.#ok &&= report.ok;
    if (format === 'tree')
      this.#writeLine(`${this.#counts.files > 1 ? '\n' : ''}${sanitiseLine(report.file)}`);
    await print(report);
  }

  #meet(path: string, error: unknown): void {
    if (!(error instanceof WechatMpError) || error.family !== 'input') throw error;
    const { format } = this.#linting;
    this.#ok = false;
    this.#counts.unreadable += 1;
    if (this.#troubles.length < shownTroubles) this.#troubles.push(error);
    if (format === 'github') annotateUnreadable(this.#context, path, error);
    if (format !== 'json') return;
    const told = errorObject(error, this.#context.language, []);
    this.#writeLine(formatJson({ file: inputName(path), ok: false, ...told }));
  }

  #skip(path: string): void {
    this.#skipped.add(this.#placeOf(path));
    this.#context.verbose({ en: `Skipped ${path}: it holds no menu`, zh: `已跳过 ${path}：其中没有菜单` });
  }

  #noteSkipped(): void {
    const count = this.#skipped.size;
    if (count === 0) return;
    const note = {
      en: `Skipped ${plural(count, 'JSON file')} without a menu (-v lists them); name one to check it`,
      zh: `已跳过 ${count} 个没有菜单的 JSON 文件（-v 逐个列出）；写出文件名即可检查`,
    };
    const { stderrIsTty, columns } = this.#context.io.terminal;
    const line = this.#context.say(note);
    for (const part of stderrIsTty ? foldTalk(line, columns) : [line])
      this.#context.note({ en: part, zh: part });
  }

  /** Alone it is told as if it had been the only file. */
  #trouble(missed: number): WechatMpError {
    const [first, ...others] = this.#troubles;
    if (first !== undefined && others.length === 0) return first;
    const more = missed - this.#troubles.length;
    return new WechatMpError({
      family: 'input',
      type: 'files_unreadable',
      text: {
        en: `Cannot check ${missed} of the files and folders`,
        zh: `有 ${missed} 个文件或目录无法检查`,
      },
      details: [
        ...this.#troubles.map(({ text }) => text),
        ...(more > 0 ? [{ en: `… and ${more} more`, zh: `……另有 ${more} 个` }] : []),
      ],
      hint: { en: 'Correct these files, or their paths', zh: '请修正这些文件或路径' },
      facts: { unreadable: missed },
    });
  }

  #writeLine(line: string): void {
    this.#context.io.terminal.writeStdout(`${line}\n`);
  }
}

/** Longer names are no slips of the pen. */
const maxSlipLength = 20;

/** Other JSON lies beside menus: settings, schemas, answers. */
function looksLikeMenu(value: unknown): boolean {
  const menu = unwrapMenu(value);
  if (!isObject(menu)) return false;
  const schema = own(value, '$schema');
  if (typeof schema === 'string' && /(?:^|\/)menu\.schema\.json$/.test(schema)) return true;
  return Object.entries(menu).some(
    ([key, held]) =>
      key === 'button' ||
      (Array.isArray(held) && key.length <= maxSlipLength && closestTo(key, ['button']) !== undefined),
  );
}

function noMenuIn(folder: string, found: number): WechatMpError {
  const among =
    found === 0
      ? { en: 'no JSON file', zh: '没有 JSON 文件' }
      : { en: `no menu among ${plural(found, 'JSON file')}`, zh: `${found} 个 JSON 文件中没有菜单` };
  return inputError(
    'no_menu_in_folder',
    {
      en: `Cannot find a menu in the folder "${folder}": ${among.en}`,
      zh: `目录 "${folder}" 中找不到菜单：${among.zh}`,
    },
    {
      en: 'A menu has "button" at its top; node_modules and names that begin with a dot are left out',
      zh: '菜单的最外层有 "button"；node_modules 与以点开头的名称不在检查之列',
    },
    { file: folder },
  );
}
