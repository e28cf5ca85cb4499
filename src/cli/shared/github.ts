/** GitHub Actions: outputs and summary of a step, and masking of secrets in its log. */
import { usageError } from '../../core/errors.ts';
import type { Text } from '../../core/text/text.ts';
import type { Context } from '../context.ts';
import { unwritable } from '../files/output-file.ts';

/** Appends `name=value` lines to the file that `$GITHUB_OUTPUT` names. */
export function appendGithubOutput(context: Context, lines: string): void {
  append(context, stepFile(context, 'GITHUB_OUTPUT', { en: 'Format github', zh: '--format github' }), lines);
}

/** Appends Markdown to the summary of the step, the file that `$GITHUB_STEP_SUMMARY` names. */
export function appendStepSummary(context: Context, markdown: string): void {
  append(context, stepSummaryFile(context), markdown);
}

/** The path of that file. Throws a usage error where there is none, so that it can be asked before any work. */
export function stepSummaryFile(context: Context): string {
  return stepFile(context, 'GITHUB_STEP_SUMMARY', { en: 'Flag --summary', zh: '--summary' });
}

function stepFile(context: Context, variable: string, subject: Text): string {
  const path = context.environment[variable];
  if (path !== undefined && path !== '') return path;
  throw usageError(
    'not_in_github_actions',
    {
      en: `${subject.en} needs $${variable}, which is not set`,
      zh: `${subject.zh} 需要 $${variable}，但未设置`,
    },
    {
      en: 'Run it in a step of GitHub Actions, or without that flag',
      zh: '请在 GitHub Actions 步骤中运行，或不用该选项',
    },
  );
}

function append(context: Context, path: string, lines: string): void {
  try {
    const before = context.io.files.read(path)?.toString('utf8') ?? '';
    const separator = before === '' || before.endsWith('\n') ? '' : '\n';
    context.io.files.append(path, `${separator}${lines}\n`);
  } catch (error) {
    throw unwritable(context.io.files, path, error);
  }
}

/** In GitHub Actions a secret is masked before it is printed, so that the log never shows it. */
export function maskInGithub(context: Context, secret: string): void {
  // Past the redactor on purpose: the runner has to see the value once, and it takes this line out of the log.
  if (context.environment['GITHUB_ACTIONS'] === 'true')
    context.io.terminal.writeStderr(`::add-mask::${secret.replaceAll('%', '%25')}\n`);
}
