/** Why a batch of QR codes cannot begin, or not in this folder. */
import { inputError, usageError, WechatMpError } from '../../../../core/errors.ts';
import { defined } from '../../../../core/text/defined.ts';
import { excerpt } from '../../../../core/text/sanitise.ts';
import type { Text } from '../../../../core/text/text.ts';
import type { LockHolder } from '../../../../io/ports.ts';

const anotherFolder: Text = {
  en: 'Choose another folder with --out-dir',
  zh: '请用 --out-dir 指定其他目录',
};

export function folderBusy(directory: string, { pid, host }: LockHolder): WechatMpError {
  const [process, zhProcess] =
    pid === undefined ? ['another process', '其他进程'] : [`process ${pid}`, `进程 ${pid}`];
  const [on, zhOn] = host === undefined ? ['', ''] : [` on "${host}"`, `（主机“${host}”）`];
  return new WechatMpError({
    family: 'local',
    type: 'folder_busy',
    text: {
      en: `Cannot use "${directory}": ${process}${on} is working in it`,
      zh: `无法使用“${directory}”：${zhProcess}${zhOn}正在使用该目录`,
    },
    hint: { en: 'Wait for it to end, or choose another folder', zh: '请等待其结束，或换一个目录' },
    retryable: true,
    facts: {
      folder: directory,
      ...defined({ pid, host }),
    },
  });
}

export function takenOver(directory: string): WechatMpError {
  return new WechatMpError({
    family: 'local',
    type: 'folder_taken_over',
    text: {
      en: `Cannot go on in "${directory}": this process was stopped for so long that another one took over`,
      zh: `无法继续使用“${directory}”：本进程停顿过久，目录已由其他进程接管`,
    },
    hint: {
      en: 'Let the other one end, then run it again with --resume',
      zh: '请等另一进程结束，再加 --resume 运行',
    },
    facts: { folder: directory },
  });
}

export function batchExists(directory: string): WechatMpError {
  return new WechatMpError({
    family: 'local',
    type: 'batch_exists',
    text: {
      en: `Cannot begin in "${directory}": it holds an earlier batch`,
      zh: `无法在“${directory}”中开始：其中已有之前的批次`,
    },
    hint: {
      en: 'Add --resume to go on with it, or choose another folder',
      zh: '加上 --resume 继续该批次，或换一个目录',
    },
    facts: { folder: directory },
  });
}

export function manifestInvalid(file: string): WechatMpError {
  return inputError(
    'manifest_invalid',
    {
      en: `Cannot go on with "${file}": it is not the manifest of a batch`,
      zh: `无法基于“${file}”继续：它不是批次清单`,
    },
    anotherFolder,
    { file },
  );
}

export function otherAccount(directory: string, whose: string): WechatMpError {
  const shown = excerpt(whose, 100);
  return new WechatMpError({
    family: 'account',
    type: 'batch_of_other_account',
    text: {
      en: `Cannot go on in "${directory}": its codes belong to ${shown}, not to the account in force`,
      zh: `无法在“${directory}”中继续：其中的二维码属于 ${shown}，不是当前公众号`,
    },
    hint: {
      en: 'Choose that account with --profile, or another folder',
      zh: '请用 --profile 选择对应公众号，或换一个目录',
    },
    facts: { folder: directory },
  });
}

export function filesExist(directory: string, names: readonly string[]): WechatMpError {
  const shown = names.slice(0, 3).map((name) => `"${excerpt(name, 60)}"`);
  const more = names.length - shown.length;
  return new WechatMpError({
    family: 'local',
    type: 'file_exists',
    text: {
      en: `Cannot write into "${directory}": ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''} would be replaced`,
      zh: `无法写入“${directory}”：${shown.join('、')}${more > 0 ? ` 等 ${names.length} 个文件` : ''}会被覆盖`,
    },
    hint: anotherFolder,
    facts: { folder: directory, files: names.slice(0, 1000) },
  });
}

export function outDirMissing(): Error {
  return usageError(
    'out_dir_missing',
    { en: 'A batch needs a folder for its images', zh: '批量创建需要指定图片目录' },
    { en: 'Add --out-dir codes', zh: '例如 --out-dir codes' },
  );
}

export function resumeMissing(): Error {
  return usageError(
    'resume_missing',
    {
      en: 'Flag --retry-unknown is for a batch that goes on',
      zh: '--retry-unknown 只用于继续之前的批次',
    },
    { en: 'Add --resume', zh: '请加上 --resume' },
  );
}
