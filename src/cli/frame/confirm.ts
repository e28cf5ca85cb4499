/** The question before something is changed. Most commands never ask, so it is loaded when one does. */
import { negativeError, usageError } from '../../core/errors.ts';
import type { Text } from '../../core/text/text.ts';
import type { Context } from '../context.ts';

/** Throws where nobody can be asked, and where the answer is no. `dryRun`: whether the command can show what it would do. */
export async function askForConfirmation(context: Context, question: Text, dryRun: boolean): Promise<void> {
  if (!context.interactive) {
    throw usageError(
      'confirmation_missing',
      { en: `This needs a confirmation: ${question.en}`, zh: `此操作需要确认：${question.zh}` },
      dryRun
        ? {
            en: 'Add --yes, or --dry-run to see what would happen',
            zh: '加上 --yes；或用 --dry-run 查看将会发生什么',
          }
        : { en: 'Add --yes', zh: '加上 --yes' },
    );
  }
  const prompter = await context.io.terminal.ask();
  const words = { yes: context.say({ en: 'Yes', zh: '是' }), no: context.say({ en: 'No', zh: '否' }) };
  if (await prompter.confirm(context.say(question), words)) return;
  throw negativeError('declined', { en: 'Stopped; nothing was changed', zh: '已停止，未做任何更改' });
}
