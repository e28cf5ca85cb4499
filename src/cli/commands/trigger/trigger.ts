/** `trigger`: plays WeChat towards a developer's server and judges the answer (接收普通消息, 接收事件推送, 被动回复用户消息). */
import {
  choice,
  defineCommand,
  flag,
  type OptionSpec,
  type OptionValues,
  parsed,
  value,
} from '../../frame/command.ts';
import { checkTriggerFlags, expectedTypes, parseCount, parseExpectation } from './options.ts';

/** May be given several times. */
const values = (flags: string, en: string, zh: string): OptionSpec<readonly string[] | undefined> => ({
  flags,
  text: { en, zh },
  repeatable: true,
});

const flags = {
  to: value('--to <url>', { en: 'The URL of your server', zh: '你的服务器 URL' }),
  mode: choice(
    '--mode <name>',
    {
      en: 'As the running simulator pushes with --profile simulator; else safe with an EncodingAESKey, plain without',
      zh: '默认：使用 --profile simulator 时与模拟器一致；否则有 EncodingAESKey 时为 safe，没有则 plain',
    },
    ['plain', 'compat', 'safe'],
  ),
  format: choice(
    '--format <name>',
    { en: 'xml by default; json as for mini programs', zh: '默认 xml；json 为小程序格式' },
    ['xml', 'json'],
  ),
  set: values(
    '--set <field=value>',
    'Content=hi, ScanCodeInfo.ScanResult=7',
    '如 Content=hi、ScanCodeInfo.ScanResult=7',
  ),
  unset: values('--unset <field>', 'Leave a field out', '去掉一个字段'),
  from: value('--from <openid>', { en: 'The person (FromUserName)', zh: '发送者（FromUserName）' }),
  key: value('--key <text>', { en: 'EventKey: of a button, a scene', zh: 'EventKey：按钮 key、场景值' }),
  expect: parsed(
    '--expect <type|/regex/>',
    { en: 'Fail unless the reply is so; none for nothing', zh: '回复不符则失败；none 表示无回复' },
    parseExpectation,
    expectedTypes,
  ),
  likeWechat: flag('--like-wechat', {
    en: 'Up to three attempts of 5 s; was work done twice?',
    zh: '最多三次、每次 5 秒，并判断是否重复处理',
  }),
  duplicate: flag('--duplicate', {
    en: 'Send it twice; was work done twice?',
    zh: '同一消息发两次，判断是否重复处理',
  }),
  tamper: choice(
    '--tamper <what>',
    { en: 'Spoil it; the server must refuse', zh: '篡改后发送，服务器必须拒绝' },
    ['signature', 'body', 'timestamp', 'appid'],
  ),
  file: value('--file <file>', { en: 'Send this message', zh: '发送此文件中的消息' }),
  replay: value('--replay <file>', {
    en: 'Send again what serve --record wrote',
    zh: '重发 serve --record 录制的消息',
  }),
  asIs: flag('--as-is', {
    en: 'With --replay: the same bytes, query, headers',
    zh: '与 --replay 一起：原样重发',
  }),
  repeat: parsed('--repeat <n>', { en: 'So many messages', zh: '发送的消息数' }, (text, name) =>
    parseCount(text, name, 1_000_000),
  ),
  concurrency: parsed('--concurrency <n>', { en: 'So many at once', zh: '并发数' }, (text, name) =>
    parseCount(text, name),
  ),
  all: flag('--all', { en: 'Every type, as a table', zh: '发送全部类型，输出表格' }),
  list: flag('--list', { en: 'Show the types', zh: '列出类型' }),
  dryRun: flag('--dry-run', { en: 'Show the request, send nothing', zh: '只显示请求，不发送' }),
  appid: value('--appid <appid>', { en: 'AppID inside encrypted messages', zh: '加密消息中的 AppID' }),
};

export type TriggerFlags = OptionValues<typeof flags>;

export const command = defineCommand({
  arguments: [
    {
      name: '[type]',
      text: { en: 'Message or event; see --list', zh: '消息或事件类型，见 --list' },
      values: ['<trigger>'],
    },
  ],
  settings: ['callback'],
  options: flags,
  examples: [
    {
      command: 'wechat-mp trigger text --set Content=hi --to http://localhost:3000/wechat',
      text: { en: 'What the person would see', zh: '查看用户会看到什么' },
    },
    {
      command: 'wechat-mp trigger menu_click --key BUY --expect text \\\n  --to http://localhost:3000/wechat',
      text: { en: 'A tap on a button, checked', zh: '点击菜单并检查回复' },
    },
    {
      command: 'wechat-mp trigger --all --to http://localhost:3000/wechat',
      text: { en: 'Every type, for CI', zh: '全部类型，用于 CI' },
    },
    {
      command: 'wechat-mp trigger text --like-wechat --to http://localhost:3000/wechat',
      text: { en: 'A slow server, retries and duplicates', zh: '慢速应答、重试与排重' },
    },
  ],
  output: {
    en: 'What came back, what is wrong with it, what the person sees.\nJSON: {"ok","request","response":{"status","ms","body"},"reply":{…}|null,"valid","problems":[…],"user_sees":"reply"|"nothing"|"unavailable","user_sees_text"}; --like-wechat and --duplicate add "attempts" and "deduplicated"; --all: {"ok","results":[…]}',
    zh: '收到的应答、其中的问题、用户会看到什么。\nJSON：{"ok","request","response":{"status","ms","body"},"reply":{…}|null,"valid","problems":[…],"user_sees":"reply"|"nothing"|"unavailable","user_sees_text"}；--like-wechat 和 --duplicate 另有 "attempts"、"deduplicated"；--all：{"ok","results":[…]}',
  },
  exitCodes: {
    1: {
      en: 'No valid answer in time, not as expected, work done twice, or spoilt messages taken',
      zh: '未及时得到有效应答、不符合预期、重复处理，或接受了被篡改的消息',
    },
  },
  effect: 'remote',
  async run(context, { arguments: [type], options }) {
    const plan = checkTriggerFlags(type, options);
    const { work } = plan;
    if (work.kind === 'list') return (await import('./list.ts')).printList(context);
    const { runTrigger } = await import('./run.ts');
    return await runTrigger(context, { ...plan, work });
  },
});
