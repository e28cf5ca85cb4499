/** GitHub Actions: outputs of a step, and masking of secrets in its log. */
import { usageError } from '../core/errors.ts';
import type { Context } from './context.ts';
import { unwritable } from './output-file.ts';

/** Appends `name=value` lines to the file that `$GITHUB_OUTPUT` names. */
export function appendGithubOutput(context: Context, lines: string): void {
  const path = context.environment['GITHUB_OUTPUT'];
  if (path === undefined || path === '') {
    throw usageError(
      'not_in_github_actions',
      {
        en: 'Format github needs $GITHUB_OUTPUT, which is not set',
        zh: '--format github 需要 $GITHUB_OUTPUT，但未设置',
      },
      {
        en: 'Run it in a step of GitHub Actions, or use another --format',
        zh: '请在 GitHub Actions 步骤中运行，或换用其他 --format',
      },
    );
  }
  try {
    const before = context.io.files.read(path)?.toString('utf8') ?? '';
    const separator = before === '' || before.endsWith('\n') ? '' : '\n';
    context.io.files.append(path, `${separator}${lines}\n`);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** In GitHub Actions a secret is masked before it is printed, so that the log never shows it. */
export function maskInGithub(context: Context, secret: string): void {
  // Past the redactor on purpose: the runner has to see the value once, and it takes this line out of the log.
  if (context.environment['GITHUB_ACTIONS'] === 'true')
    context.io.terminal.writeStderr(`::add-mask::${secret.replaceAll('%', '%25')}\n`);
}
