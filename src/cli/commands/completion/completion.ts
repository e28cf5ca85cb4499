/** `completion <shell>`: the script that lets a shell complete commands, flags and their values. */
import { usageError } from '../../../core/errors.ts';
import { defineCommand } from '../../frame/command.ts';
import { didYouMean } from '../../frame/suggest.ts';
import { isShell, scripts, shells } from './scripts.ts';

export const command = defineCommand({
  arguments: [
    {
      name: '<shell>',
      text: { en: 'bash, zsh, fish or powershell', zh: 'bash、zsh、fish 或 powershell' },
      choices: shells,
    },
  ],
  examples: [
    {
      command: 'eval "$(wechat-mp completion bash)"',
      text: { en: 'In ~/.bashrc', zh: '写入 ~/.bashrc' },
    },
    {
      command: 'source <(wechat-mp completion zsh)',
      text: { en: 'In ~/.zshrc, after compinit', zh: '写入 ~/.zshrc，放在 compinit 之后' },
    },
    {
      command: 'wechat-mp completion fish > ~/.config/fish/completions/wechat-mp.fish',
      text: { en: 'Once', zh: '执行一次即可' },
    },
    {
      command: 'wechat-mp completion powershell | Out-String | Invoke-Expression',
      text: { en: 'In the file that $PROFILE names', zh: '写入 $PROFILE 所指的文件' },
    },
  ],
  output: {
    en: 'The script. It asks wechat-mp itself what fits, so it stays true after an update.\nJSON: {"shell","script"}',
    zh: '补全脚本。补全内容由 wechat-mp 实时给出，升级后无需重新安装。\nJSON：{"shell","script"}',
  },
  effect: 'none',
  async run(context, { arguments: [shell = ''] }) {
    if (!isShell(shell)) throw unknownShell(shell);
    const script = scripts[shell];
    context.print({ shell, script }, script.trimEnd());
  },
});

function unknownShell(shell: string): Error {
  return usageError(
    'shell_unknown',
    { en: `There is no completion for "${shell}"`, zh: `不支持 "${shell}" 的补全` },
    didYouMean('wechat-mp completion', shell, shells) ?? {
      en: `Use one of ${shells.join(', ')}`,
      zh: `可用：${shells.join('、')}`,
    },
  );
}
