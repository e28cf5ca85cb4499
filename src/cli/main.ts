/** `main(argv, io)`: from the command line to an exit code. What tests call. */
import { WechatMpError } from '../core/errors.ts';
import { isPlainCredential } from '../core/account/index.ts';
import { createRedactor, redactNamed, type Redactor } from '../core/text/redact.ts';
import type { Language } from '../core/text/text.ts';
import type { Io } from '../io/ports.ts';
import { scanArguments, type Scan } from './frame/arguments.ts';
import { defineCommand } from './frame/command.ts';
import type { GlobalOptions } from './frame/global-options.ts';
import type { Leaf } from './commands/index.ts';
import { Context } from './context.ts';
import { chooseLanguage } from './frame/language.ts';
import { createPaint, errorLines, exitCodeOf, formatJson, noPaint, wantsColor } from './frame/output.ts';
import { parseCommand, type ParsedCommand } from './frame/parse.ts';
import type { ProjectFile } from './settings/project-content.ts';
import { findProjectFile } from './settings/project-file.ts';
import { Settings, type SettingsInput } from './settings/settings.ts';
import { version } from '../../package.json';

/** How an error of this run is told. */
export interface Reporting {
  readonly io: Io;
  readonly scan: Scan;
  readonly redactor: Redactor;
  readonly json: boolean;
  language: Language;
  color: boolean | undefined;
  debug: boolean;
}

/** Never throws: whatever happens becomes an exit code and, on stderr, an error object. */
export async function main(argv: readonly string[], world: Io): Promise<number> {
  if (argv[0] === '__complete') {
    return await (await import('./completion/complete.ts')).answerShell(argv.slice(1), world);
  }
  const scan = scanArguments(argv);
  const io = await whereStarted(world, scan.json);
  const reporting: Reporting = {
    io,
    scan,
    redactor: createRedactor(),
    json: scan.json,
    language: chooseLanguage(scan.lang, io.environment),
    color: scan.color,
    debug: false,
  };
  try {
    if (scan.version) return showVersion(reporting);
    if (scan.help || (scan.path.length === 0 && scan.unknown === undefined)) {
      return await showHelp(scan, reporting);
    }
    if (scan.leaf === undefined || scan.unknown !== undefined) throw await findCommandError(scan);
    return await runCommand(scan, scan.leaf, reporting);
  } catch (thrown) {
    const error =
      thrown instanceof WechatMpError
        ? thrown
        : ((await import('./shared/system-error.ts')).systemTrouble(thrown) ?? thrown);
    await (await import('./report.ts')).report(error, reporting);
    return exitCodeOf(error);
  }
}

async function findCommandError(scan: Scan): Promise<WechatMpError> {
  return (await import('./frame/command-error.ts')).commandError(scan);
}

function showVersion({ io, json }: Reporting): number {
  io.terminal.writeStdout(`${json ? formatJson({ version }) : version}\n`);
  return 0;
}

async function showHelp(scan: Scan, reporting: Reporting): Promise<number> {
  if (scan.unknown !== undefined) throw await findCommandError(scan);
  if (!scan.help) {
    const { options } = await parseCommand([], noCommand, scan.rest);
    if (isGuest(reporting, options)) {
      const { offerWays } = await import('./shared/welcome.ts');
      const { words, environment } = await offerWays(reporting.io, reporting.language);
      const { io } = reporting;
      const world = { ...io, environment: { ...io.environment, ...environment } };
      if (words.length > 0) return await main([...words, ...scan.rest], world);
    }
  }
  const { io, json, language, color } = reporting;
  if (json) return await main(['help', ...scan.path, '--json', '--lang', language], io);
  const { renderHelp } = await import('./frame/help.ts');
  const paint = await createPaint(wantsColor(color, io.environment, io.terminal.stdoutIsTty));
  io.terminal.writeStdout(await renderHelp(scan, language, paint));
  return 0;
}

/** Commands are told as this one was started; to programs always in the same words. */
async function whereStarted(io: Io, json: boolean): Promise<Io> {
  const isPlain = io.environment['npm_command'] !== 'exec' && !io.program.endsWith('-cli');
  return json || isPlain ? io : (await import('./shared/started-as.ts')).speakAsStarted(io);
}

/** Somebody at a terminal who has named no command. */
function isGuest({ io, json }: Reporting, { noInput }: GlobalOptions): boolean {
  const { stdinIsTty, stdoutIsTty, stderrIsTty } = io.terminal;
  const { CI: ci, WECHAT_MP_NO_INPUT: never } = io.environment;
  return stdinIsTty && stdoutIsTty && stderrIsTty && !noInput && !json && !ci && !never;
}

/** For words that are global flags only. */
const noCommand = defineCommand({
  examples: [],
  output: { en: '', zh: '' },
  effect: 'none',
  run: async () => 0,
});

async function runCommand(scan: Scan, leaf: Leaf, reporting: Reporting): Promise<number> {
  const { command } = await leaf.load();
  const parsed = await parseCommand(scan.path, command, scan.rest);
  // Among letters behind one dash, as in `-qh`, the scan does not see these two.
  if (parsed.options.version) return showVersion(reporting);
  if (parsed.options.help) return await showHelp({ ...scan, help: true }, reporting);
  reporting.debug = parsed.options.debug;
  const context = await createContext(parsed, reporting);
  reporting.language = context.language;
  const code = await command.run(context, {
    arguments: parsed.arguments,
    program: parsed.program,
    options: parsed.options as never,
  });
  return code ?? 0;
}

async function createContext(parsed: ParsedCommand, reporting: Reporting): Promise<Context> {
  const { io, redactor } = reporting;
  const { options } = parsed;
  const dotenv =
    options.dotenv === undefined
      ? undefined
      : (await import('./settings/dotenv.ts')).readDotenv(io.files, options.dotenv, io.environment);
  const environment = dotenv?.environment ?? io.environment;
  const input: SettingsInput = {
    io,
    environment,
    dotenv,
    options,
    project: await lookForProject(io),
    warn: (text) => context.warn(text),
    secretSeen: (secret) => redactor.add(secret),
  };
  const own = new Settings(input);
  const { settings, said } = own.namesSimulator
    ? await (await import('./shared/running-simulator.ts')).adoptSimulator(input, own)
    : { settings: own };
  // Known even to commands that do not read them: the server of a developer may say what it was set up with.
  for (const [name, kind] of longSecrets) {
    const given = environment[name] ?? '';
    if (given === '') continue;
    if (isPlainCredential(kind, given)) redactor.add(given);
    else
      (await import('../core/account/pasted-credential.ts'))
        .secretsIn(kind, given)
        .forEach((secret) => redactor.add(secret));
  }
  const language = chooseLanguage(options.lang, environment, settings.quietProfile.lang);
  const paint = await createPaint(wantsColor(options.color, environment, io.terminal.stderrIsTty));
  const context = new Context({ io, language, options, environment, settings, redactor, paint });
  if (said !== undefined) context.note(said);
  return context;
}

const longSecrets = [
  ['WECHAT_MP_APPSECRET', 'secret'],
  ['WECHAT_MP_ACCESS_TOKEN', 'accessToken'],
  ['WECHAT_MP_AES_KEY', 'aesKey'],
  ['WECHAT_MP_VIA_KEY', 'viaKey'],
] as const;

/** A broken project file is told to those who ask what is in it. */
async function lookForProject(io: Io): Promise<() => ProjectFile | undefined> {
  try {
    const found = await findProjectFile(io.files, io.directory);
    return () => found;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** For what `main` could not catch. Returns the exit code. */
export function reportBug(error: unknown, { terminal }: Io): number {
  for (const line of errorLines(error, 'en', noPaint)) terminal.writeStderr(`${redactNamed(line)}\n`);
  return exitCodeOf(error);
}
