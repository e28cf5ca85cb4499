/** `api`: any call of the platform（服务端 API）, with the catalogue of them built in. */
import { usageError } from '../../../core/errors.ts';
import type { Text } from '../../../core/text/text.ts';
import {
  defineCommand,
  flag,
  type OptionSpec,
  type OptionValues,
  parsed,
  value,
} from '../../frame/command.ts';
import { excludes, needs, unsuitable } from '../../frame/flag-errors.ts';

/** May be given several times. */
const values = (flags: string, text: Text): OptionSpec<readonly string[] | undefined> => ({
  flags,
  text,
  repeatable: true,
});

const flags = {
  rawField: values('-f, --raw-field <name=text>', {
    en: 'A field of the body, as text: a[b]=, a[]=',
    zh: '请求体字段（文本）：a[b]=、a[]=',
  }),
  field: values('-F, --field <name=value>', {
    en: 'The same as JSON: 7, true, [1]; or @FILE',
    zh: '同上，按 JSON 解析：7、true、[1]；或 @文件',
  }),
  query: values('--query <name=text>', { en: 'A parameter; or =@FILE', zh: '查询参数；或 =@文件' }),
  input: value('--input <file>', { en: 'The body, "-" for stdin', zh: '请求体文件，“-”表示 stdin' }),
  form: values('--form <name=@file>', { en: 'A file to upload, or name=text', zh: '上传文件，或 名称=文本' }),
  out: value('--out <file>', { en: 'Where the answer goes', zh: '把应答写入文件' }),
  force: flag('--force', { en: 'Replace whatever file is there', zh: '无条件覆盖已有文件' }),
  include: flag('--include', { en: 'Status and headers, too', zh: '同时输出状态码和响应头' }),
  paginate: flag('--paginate', { en: 'All pages as one list', zh: '取全部分页，合并为一个列表' }),
  max: parsed(
    '--max <n>',
    { en: 'Of a list at most so many; 10000 in a pipe', zh: '列表最多取多少项；管道中默认 10000' },
    parseMax,
  ),
  noToken: flag('--no-token', { en: 'Add no access_token', zh: '不添加 access_token' }),
  noCheck: flag('--no-check', { en: 'Send it unchecked', zh: '不检查，直接发送' }),
  dryRun: flag('--dry-run', { en: 'Print it as curl, send nothing', zh: '输出 curl 命令，不发送' }),
  list: flag('--list', { en: 'Calls that have these words', zh: '查找包含这些词的接口' }),
  describe: flag('--describe', {
    en: 'What a call takes, and who may',
    zh: '接口的参数、额度和可调用的账号',
  }),
  example: flag('--example', { en: 'A body to edit', zh: '可供修改的请求体示例' }),
};

export type ApiFlags = OptionValues<typeof flags>;

export const command = defineCommand({
  arguments: [
    {
      name: '[method]',
      text: { en: 'GET or POST; as documented where left out', zh: 'GET 或 POST，默认按文档' },
      values: ['GET', 'POST', '<call>'],
    },
    {
      name: '[path...]',
      text: {
        en: 'The call: /cgi-bin/user/get; with --list words',
        zh: '接口路径，如 /cgi-bin/user/get；--list 后为关键词',
      },
      values: ['<call>'],
    },
  ],
  settings: ['account', 'token'],
  options: flags,
  examples: [
    { command: 'wechat-mp api --list tag', text: { en: 'Which calls are there', zh: '有哪些接口' } },
    {
      command: 'wechat-mp api --describe /cgi-bin/tags/create',
      text: { en: 'What one takes', zh: '某个接口的说明' },
    },
    {
      command: "wechat-mp api /cgi-bin/tags/create -f 'tag[name]=vip'",
      text: { en: 'Call it', zh: '调用接口' },
    },
    {
      command: 'wechat-mp api /cgi-bin/user/get --paginate --json',
      text: { en: 'All followers as one list', zh: '以一个列表取得全部关注者' },
    },
  ],
  output: {
    en: 'The answer as it came, indented; with --json on one line. A refusal leaves stdout empty.\nJSON of --list and --describe: {"calls":[{"method","path","name","title","title_zh","effect","group",…}]}; of --dry-run: {"dry_run","method","url","body","effect","curl"}; of --out: {"file","bytes","content_type"}; with --include: {"status","headers","body"}',
    zh: '应答原样输出并缩进；--json 时为一行。被拒绝时 stdout 为空。\n--list 和 --describe 的 JSON：{"calls":[{"method","path","name","title","title_zh","effect","group",…}]}；--dry-run：{"dry_run","method","url","body","effect","curl"}；--out：{"file","bytes","content_type"}；--include：{"status","headers","body"}',
  },
  exitCodes: {
    1: {
      en: '--list, --describe or --example found nothing',
      zh: '--list、--describe 或 --example 没有找到',
    },
    2: {
      en: 'WeChat would refuse the call, or it needs --yes',
      zh: '微信一定会拒绝该调用，或需要 --yes',
    },
  },
  effect: 'remote',
  confirmation: {
    option: '--yes',
    when: { en: 'For calls that reach people or cannot be undone', zh: '调用用户可见或不可撤销的接口时' },
  },
  async run(context, { arguments: words, options }) {
    checkFlags(options);
    if (options.list) return await (await import('./list.ts')).printList(context, words);
    const { method, path } = readWords(words);
    if (options.describe) return await (await import('./describe.ts')).printDescription(context, path);
    if (options.example) return await (await import('./describe.ts')).printExample(context, path);
    const { runCall } = await import('./run.ts');
    await runCall(context, method, path, options);
    return 0;
  },
});

function checkFlags(options: ApiFlags): void {
  const bodies = [
    ['--input', options.input],
    ['--form', options.form],
    ['-f/-F', options.field ?? options.rawField],
  ].flatMap(([name, given]) => (given === undefined ? [] : [String(name)]));
  if (bodies.length > 1) throw excludes(...bodies);
  const modes = (['list', 'describe', 'example', 'dryRun', 'paginate'] as const).filter(
    (name) => options[name],
  );
  if (modes.length > 1)
    throw excludes(...modes.map((name) => (name === 'dryRun' ? '--dry-run' : `--${name}`)));
  if (options.max !== undefined && !options.paginate) throw needs('--max', '--paginate');
  if (options.paginate && options.include) throw excludes('--paginate', '--include');
}

function readWords(words: readonly string[]): {
  readonly method: 'GET' | 'POST' | undefined;
  readonly path: string;
} {
  const [first = '', ...rest] = words;
  const named = /^[a-z]+$/i.test(first) && rest.length > 0 ? first.toUpperCase() : undefined;
  const [path, ...more] = named === undefined ? words : rest;
  if (path === undefined) {
    throw usageError(
      'argument_missing',
      { en: 'The path of a call is missing', zh: '缺少接口路径' },
      { en: 'Look for one: wechat-mp api --list <words>', zh: '查找接口：wechat-mp api --list <关键词>' },
    );
  }
  if (more.length > 0)
    throw usageError(
      'argument_unexpected',
      { en: 'There are too many arguments', zh: '参数太多' },
      {
        en: 'Fields are given by -f name=value, a whole body by --input <file>',
        zh: '字段用 -f 名称=值，整个请求体用 --input <文件>',
      },
    );
  if (named === undefined || named === 'GET' || named === 'POST') return { method: named, path };
  throw unsuitable('method_invalid', first, 'METHOD', {
    en: 'the platform knows GET and POST alone',
    zh: '平台接口只有 GET 和 POST',
  });
}

function parseMax(text: string, name: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw unsuitable('number_invalid', text, name, {
    en: 'it must be a number from 1',
    zh: '应为不小于 1 的整数',
  });
}
