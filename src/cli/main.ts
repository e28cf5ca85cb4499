/** `main(argv, io)`: from the command line to an exit code. What tests call. */
import { createRedactor, type Redactor } from '../core/redact.ts';
import { sanitise } from '../core/sanitise.ts';
import type { Language } from '../core/text.ts';
import type { Io } from '../io/ports.ts';
import { commandError, scanArguments, type Scan } from './arguments.ts';
import type { Leaf } from './commands/index.ts';
import { Context } from './context.ts';
import { chooseLanguage } from './language.ts';
import { createPaint, errorLines, errorObject, exitCodeOf, wantsColor } from './output.ts';
import type { ParsedCommand } from './parse.ts';
import { findProjectFile } from './settings/project-file.ts';
import { Settings } from './settings/settings.ts';
import { version } from './version.ts';

interface Reporting {
  readonly io: Io;
  readonly redactor: Redactor;
  readonly json: boolean;
  language: Language;
  color: boolean | undefined;
  debug: boolean;
}

/** Never throws: whatever happens becomes an exit code and, on stderr, an error object. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const scan = scanArguments(argv);
  const reporting: Reporting = {
    io,
    redactor: createRedactor(),
    json: scan.json,
    language: chooseLanguage(scan.lang, io.environment),
    color: undefined,
    debug: false,
  };
  try {
    if (scan.version) {
      io.terminal.writeStdout(`${version}\n`);
      return 0;
    }
    if (scan.help || (scan.path.length === 0 && scan.unknown === undefined && scan.rest.length === 0)) {
      return await showHelp(scan, reporting);
    }
    if (scan.leaf === undefined) throw await commandError(scan);
    return await runCommand(scan, scan.leaf, reporting);
  } catch (error) {
    await report(error, reporting);
    return exitCodeOf(error);
  }
}

async function showHelp(scan: Scan, reporting: Reporting): Promise<number> {
  if (scan.unknown !== undefined) throw await commandError(scan);
  const { renderHelp } = await import('./help.ts');
  const { io, language } = reporting;
  const paint = await createPaint(wantsColor(undefined, io.environment, io.terminal.stdoutIsTty));
  io.terminal.writeStdout(await renderHelp(scan, language, paint));
  return 0;
}

async function runCommand(scan: Scan, leaf: Leaf, reporting: Reporting): Promise<number> {
  const { command } = await leaf.load();
  const { parseCommand } = await import('./parse.ts');
  const parsed = await parseCommand(scan.path, command, scan.rest);
  reporting.color = parsed.options.color;
  reporting.debug = parsed.options.debug;
  const context = await createContext(parsed, reporting);
  reporting.language = context.language;
  const code = await command.run(context, {
    arguments: parsed.arguments,
    options: parsed.options as never,
  });
  return code ?? 0;
}

async function createContext(parsed: ParsedCommand, reporting: Reporting): Promise<Context> {
  const { io, redactor } = reporting;
  const { options } = parsed;
  const environment =
    options.envFile === undefined
      ? io.environment
      : {
          ...(await import('./settings/env-file.ts')).readEnvFile(io.files, options.envFile),
          ...io.environment,
        };
  const settings = new Settings({
    io,
    environment,
    options,
    project: await findProjectFile(io.files, io.directory),
    warn: (text) => context.warn(text),
    secretSeen: redactor.add,
  });
  const language = chooseLanguage(options.lang, environment, settings.quietProfile.lang);
  const paint = await createPaint(wantsColor(options.color, environment, io.terminal.stderrIsTty));
  const context = new Context({ io, language, options, environment, settings, redactor, paint });
  return context;
}

async function report(error: unknown, reporting: Reporting): Promise<void> {
  const { io, redactor, language } = reporting;
  const print = (line: string): void => io.terminal.writeStderr(`${redactor.redact(line)}\n`);
  if (reporting.debug && error instanceof Error && error.cause !== undefined) {
    print(sanitise((await import('node:util')).inspect(error.cause, { depth: 4 })));
  }
  if (reporting.json) {
    print(JSON.stringify(errorObject(error, language)));
    return;
  }
  const paint = await createPaint(wantsColor(reporting.color, io.environment, io.terminal.stderrIsTty));
  for (const line of errorLines(error, language, paint)) print(line);
}
