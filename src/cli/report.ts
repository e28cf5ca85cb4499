/** How an error is told: to people with the command that says more, to programs with all commands that help. */
import { describeStep, explainStep, type NextStep, stepsOf } from '../core/explain/index.ts';
import { WechatMpError } from '../core/errors.ts';
import { defined } from '../core/text/defined.ts';
import { sanitise } from '../core/text/sanitise.ts';
import type { Language } from '../core/text/text.ts';
import type { Scan } from './frame/arguments.ts';
import {
  bugMessage,
  createPaint,
  errorLines,
  exitCodeOf,
  formatJson,
  noPaint,
  wantsColor,
} from './frame/output.ts';
import type { Reporting } from './main.ts';
import { commandAsStarted } from './shared/started-as.ts';

export async function report(error: unknown, reporting: Reporting): Promise<void> {
  const { io, redactor, language, scan } = reporting;
  const hint = error instanceof WechatMpError ? (error.hint?.[language] ?? '') : '';
  const print = (line: string, own = hint): void =>
    io.terminal.writeStderr(`${redactor.redact(line, own)}\n`);
  if (reporting.debug && error instanceof Error && error.cause !== undefined) {
    print(sanitise((await import('node:util')).inspect(error.cause, { depth: 4 })));
  }
  if (reporting.json) {
    const next = (await nextSteps(error, scan)).map(({ command, why }) => ({
      command: commandAsStarted(command, io),
      why: why[language],
    }));
    print(formatJson(errorObject(error, language, next)), formatJson(hint));
    return;
  }
  const { stderrIsTty, columns } = io.terminal;
  const paint = await createPaint(wantsColor(reporting.color, io.environment, stderrIsTty));
  const more = moreAbout(error, scan.path);
  if (!stderrIsTty || !(error instanceof WechatMpError)) {
    // In a pipe a line stays a line, for those who look for its words.
    for (const line of errorLines(error, language, paint, more)) print(line);
    return;
  }
  const { foldTalk } = await import('./frame/fold.ts');
  for (const line of errorLines(error, language, noPaint, more)) {
    // Secrets are taken out before: folded, they would no longer be found.
    const folded = foldTalk(redactor.redact(line, hint), columns).join('\n');
    const painted = folded
      .replace(/^✗/, (mark) => paint.error(mark))
      .replace(/^ {2}(?:Fix: |解决：)/, (label) => paint.strong(label));
    io.terminal.writeStderr(`${painted}\n`);
  }
}

/** A command that is named to a program, as it can be run. */
export interface ShownStep {
  readonly command: string;
  readonly why: string;
}

/** The error object of `--json`. */
export function errorObject(
  error: unknown,
  language: Language,
  next: readonly ShownStep[],
): Readonly<Record<string, unknown>> {
  const code = exitCodeOf(error);
  if (!(error instanceof WechatMpError)) {
    return { error: { code, type: 'bug', message: bugMessage(error), retryable: false, next } };
  }
  return {
    error: {
      code,
      type: error.type,
      ...error.facts,
      message: error.text[language],
      ...(error.details.length === 0 ? {} : { details: error.details.map((line) => line[language]) }),
      ...defined({ hint: error.hint?.[language] }),
      retryable: error.retryable,
      next,
    },
  };
}

/** The one command that says more; `undefined` where nothing went wrong. */
function moreAbout(error: unknown, path: readonly string[]): string | undefined {
  if (!(error instanceof WechatMpError) || error.family === 'interrupted') return undefined;
  const help = helpStep(path).command;
  const isSaid = error.hint?.en.includes(help) ?? false;
  return error.family === 'usage' && !isSaid ? help : explainStep(keyOf(error)).command;
}

/** All commands that help, the most useful first. */
async function nextSteps(error: unknown, { path, rest }: Scan): Promise<readonly NextStep[]> {
  if (!(error instanceof WechatMpError)) return [explainStep('bug')];
  if (error.family === 'interrupted') return [];
  const key = keyOf(error);
  const help = error.family === 'usage' ? [helpStep(path)] : [];
  const profile = profileIn(rest);
  const own = stepsOf(await commandsFor(error, key)).map((step) => ({
    ...step,
    command:
      profile === undefined || !ofAccount.test(step.command)
        ? step.command
        : `${step.command} --profile ${profile}`,
  }));
  const others = own.filter(({ command }) => command !== help[0]?.command);
  return [...help, ...others, ...callOf(error), explainStep(key)];
}

/** A call that was refused for what was sent, or for who sent it. */
function callOf({ family, facts: { errcode, path } }: WechatMpError): readonly NextStep[] {
  const isAboutCall = typeof errcode === 'number' && (family === 'api' || errcode === 48001);
  return isAboutCall && typeof path === 'string' && /^\/[\w/-]+$/.test(path) ? [describeStep(path)] : [];
}

/**
 * What `explain` is asked for: the platform's number, that of its sample code for a message, or our own type. A call that
 * is not simulated says nothing about the errcode that came with it.
 */
function keyOf({ facts: { errcode, sample_code: sample }, type }: WechatMpError): number | string {
  if (typeof sample === 'number') return sample;
  return errcode === undefined || type === 'not_simulated' ? type : errcode;
}

async function commandsFor(
  { facts: { path } }: WechatMpError,
  key: number | string,
): Promise<readonly string[]> {
  if (typeof key === 'number') {
    const { describeErrcode, originOf } = await import('../core/errcode/describe.ts');
    return (await describeErrcode(key, originOf(String(path)))).next;
  }
  const { explain } = await import('../core/explain/explain.ts');
  return (await explain({ kind: 'error_type', code: key }))?.next ?? [];
}

function helpStep(path: readonly string[]): NextStep {
  return {
    command: ['wechat-mp', ...path, '--help'].join(' '),
    why: { en: 'shows the flags and examples', zh: '查看选项与示例' },
  };
}

/** Commands that mean the account in force. */
const ofAccount = /^wechat-mp (?:token|doctor|quota|ip|menu (?!lint)|profile show)\b/;

function profileIn(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === '-p' || word === '--profile');
  const given = at < 0 ? words.find((word) => word.startsWith('--profile='))?.slice(10) : words[at + 1];
  return given !== undefined && /^[\w-]+$/.test(given) ? given : undefined;
}
