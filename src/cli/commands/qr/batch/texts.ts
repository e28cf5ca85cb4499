/** What a batch of QR codes says: why it cannot begin, which rows are missing, and what to do about them. */
import { accountError, inputError, localError, usageError, WechatMpError } from '../../../../core/errors.ts';
import { maxCodes } from '../../../../core/qrcode/index.ts';
import { defined } from '../../../../core/text/defined.ts';
import { excerpt } from '../../../../core/text/sanitise.ts';
import type { Text } from '../../../../core/text/text.ts';
import type { LockHolder } from '../../../../io/ports.ts';
import type { MissingRow } from './manifest.ts';
import type { BatchReport } from './report.ts';

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
    facts: { folder: directory, ...defined({ pid, host }) },
  });
}

export function takenOver(directory: string): WechatMpError {
  return localError(
    'folder_taken_over',
    {
      en: `Cannot go on in "${directory}": this process was stopped for so long that another one took over`,
      zh: `无法继续使用“${directory}”：本进程停顿过久，目录已由其他进程接管`,
    },
    {
      en: 'Let the other one end, then run it again with --resume',
      zh: '请等另一进程结束，再加 --resume 运行',
    },
    { folder: directory },
  );
}

export function batchExists(directory: string): WechatMpError {
  return usageError(
    'batch_exists',
    {
      en: `Cannot begin in "${directory}": it holds an earlier batch`,
      zh: `无法在“${directory}”中开始：其中已有之前的批次`,
    },
    {
      en: 'Add --resume to go on with it, or choose another folder',
      zh: '加上 --resume 继续该批次，或换一个目录',
    },
    { folder: directory },
  );
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
  return accountError(
    'batch_of_other_account',
    {
      en: `Cannot go on in "${directory}": its codes belong to ${shown}, not to the account in force`,
      zh: `无法在“${directory}”中继续：其中的二维码属于 ${shown}，不是当前公众号`,
    },
    {
      en: 'Choose that account with --profile, or another folder',
      zh: '请用 --profile 选择对应公众号，或换一个目录',
    },
    { folder: directory },
  );
}

export function filesExist(directory: string, names: readonly string[]): WechatMpError {
  const shown = names.slice(0, 3).map((name) => `"${excerpt(name, 60)}"`);
  const more = names.length - shown.length;
  return usageError(
    'file_exists',
    {
      en: `Cannot write into "${directory}": ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''} would be replaced`,
      zh: `无法写入“${directory}”：${shown.join('、')}${more > 0 ? ` 等 ${names.length} 个文件` : ''}会被覆盖`,
    },
    anotherFolder,
    { folder: directory, files: names.slice(0, 1000) },
  );
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

export function incomplete({ missing, unknown, rows }: BatchReport): Text {
  if (unknown.length < missing.length) {
    return {
      en: `${missing.length} of ${rows.length} codes could not be made`,
      zh: `${rows.length} 个二维码中有 ${missing.length} 个未能创建`,
    };
  }
  return {
    en: `Nobody knows whether ${unknown.length} of ${rows.length} codes ${unknown.length === 1 ? 'was' : 'were'} made`,
    zh: `${rows.length} 个二维码中有 ${unknown.length} 个不确定是否已创建`,
  };
}

export const lookAndGoOn: Text = {
  en: 'Look at the rows above, then run it again with --resume',
  zh: '请查看上面各行，然后加上 --resume 重新运行',
};

export function hintOfStop({ hint }: WechatMpError): Text {
  if (hint === undefined)
    return { en: 'To go on, run it again with --resume', zh: '如需继续，请加上 --resume 重新运行' };
  if (hint.en.includes('--resume')) return hint;
  return {
    en: `${hint.en}; then run it again with --resume`,
    zh: `${hint.zh}；然后加上 --resume 重新运行`,
  };
}

/** `others` says whether there are rows that `--resume` alone would make. */
export function aboutUnknown(others: boolean): Text {
  const [first, zhFirst] = others
    ? ['Run it again with --resume for the other rows; ', '其余各行可加上 --resume 重新运行；']
    : ['', ''];
  return {
    en: `${first}${others ? 'for' : 'For'} those that are unknown add --resume --retry-unknown: at worst one of the account's 100000 permanent codes is lost for each`,
    zh: `${zhFirst}状态不明的行请加上 --resume --retry-unknown：最坏情况是每行多占用 10 万个永久二维码名额中的一个`,
  };
}

const shownRanges = 8;

/** `lines 3, 8-12 and 700-5001`; a long list is cut. */
export function formatLines(rows: readonly Pick<MissingRow, 'line'>[]): Text {
  const ranges: { from: number; to: number }[] = [];
  for (const { line } of rows) {
    const last = ranges.at(-1);
    if (last !== undefined && line === last.to + 1) last.to = line;
    else ranges.push({ from: line, to: line });
  }
  const shown = ranges
    .slice(0, shownRanges)
    .map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`));
  const cut = ranges.length > shownRanges;
  const [only] = rows;
  return {
    en: `${rows.length === 1 ? 'line' : 'lines'} ${shown.join(', ')}${cut ? ' …' : ''}`,
    zh: only === undefined ? '' : `第 ${shown.join('、')} 行${cut ? '等' : ''}`,
  };
}

export const textScenesHint: Text = {
  en: ' (--text-scenes takes all scenes as texts)',
  zh: '（--text-scenes 可把所有场景值当作文本）',
};

export function repeatedIn(en: string, zh: string, value: string, line: number): Text {
  const shown = excerpt(value, 40);
  return {
    en: `the ${en} "${shown}" is in line ${line} already`,
    zh: `${zh}“${shown}”与第 ${line} 行重复`,
  };
}

export function wrongCount(file: string, count: number): WechatMpError {
  const none = count === 0;
  return inputError(
    none ? 'csv_empty' : 'csv_too_long',
    none
      ? {
          en: `Cannot use "${file}": there is no row below the header`,
          zh: `无法使用“${file}”：表头之下没有数据`,
        }
      : {
          en: `Cannot use "${file}": it has ${count} rows, WeChat makes at most ${maxCodes} codes a day`,
          zh: `无法使用“${file}”：共 ${count} 行，微信每天最多创建 ${maxCodes} 个`,
        },
    none
      ? { en: 'Write one line for each code', zh: '每个二维码写一行' }
      : { en: 'Split it, one file and one folder for each day', zh: '请按天拆分为多个文件，各用一个目录' },
    { file },
  );
}

export const headerHint: Text = {
  en: 'Begin with the line: scene,name,expire,permanent (only "scene" is needed)',
  zh: '第一行应为：scene,name,expire,permanent（仅 scene 必需）',
};

export function tableError(file: string, type: string, what: Text, hint: Text): WechatMpError {
  const text = { en: `Cannot use "${file}": ${what.en}`, zh: `无法使用“${file}”：${what.zh}` };
  return inputError(type, text, hint, { file });
}

/** What the parser calls the csvMistakes, in words. */
export const csvMistakes: Readonly<Record<string, Text>> = {
  CSV_QUOTE_NOT_CLOSED: { en: 'a quoted cell is not closed', zh: '有引号没有结束' },
  CSV_INVALID_CLOSING_QUOTE: { en: 'something follows a closing quote', zh: '结束引号后有多余内容' },
  INVALID_OPENING_QUOTE: { en: 'a quote stands inside a cell', zh: '单元格中间出现引号' },
};
