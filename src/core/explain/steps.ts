/** What the commands are good for that are named as the next step: one sentence each, wherever they are named. */
import type { Text } from '../text/text.ts';

/** A command that helps, runnable as it stands. */
export interface NextStep {
  readonly command: string;
  readonly why: Text;
}

const reasons: Readonly<Record<string, Text>> = {
  'wechat-mp token --find': {
    en: 'lists which libraries keep an access_token in the Redis of WECHAT_MP_STORE',
    zh: '列出 WECHAT_MP_STORE 的 Redis 中其他类库保存的 access_token',
  },
  'wechat-mp token --status': {
    en: 'shows which access_token this machine keeps, who fetched it and until when it lives',
    zh: '查看本机缓存的 access_token、由谁获取、何时到期',
  },
  'wechat-mp token': { en: 'fetches an access_token', zh: '获取 access_token' },
  'wechat-mp profile show': {
    en: 'shows the settings in force, each with its source',
    zh: '查看生效的设置及其来源',
  },
  'wechat-mp profile list': { en: 'lists the accounts that this machine knows', zh: '列出本机保存的公众号' },
  'wechat-mp init': {
    en: 'asks for an account, proves it and sets up a project',
    zh: '询问账号并验证，初始化项目',
  },
  'wechat-mp doctor': {
    en: 'checks everything from the network to the rights of the account',
    zh: '从网络到接口权限逐项检查',
  },
  'wechat-mp ip': { en: 'shows the address that WeChat sees', zh: '查看微信所见的 IP' },
  'wechat-mp quota': {
    en: 'shows what is left of the calls of the day',
    zh: '查看今日剩余的接口调用次数',
  },
  'wechat-mp menu lint': {
    en: 'names each mistake of menu.json with its line, offline',
    zh: '离线指出 menu.json 中每处错误及其行号',
  },
  'wechat-mp menu pull': {
    en: 'fetches the menu as it is now, with the menuid of each conditional one',
    zh: '获取当前菜单及各个性化菜单的 menuid',
  },
  'wechat-mp menu pull --source live': {
    en: 'also finds a menu that was made on the web console',
    zh: '也能取到在网页后台设置的菜单',
  },
  'wechat-mp menu diff': { en: 'shows what differs', zh: '查看差异' },
  'wechat-mp qr create --scene 1 --dry-run': { en: 'shows the right body', zh: '显示正确的请求体' },
  'wechat-mp qr create --help': { en: 'makes a new code', zh: '创建新的二维码' },
  'wechat-mp handshake check --help': {
    en: 'checks a signature and names the mistake',
    zh: '校验签名并指出错在哪里',
  },
  'wechat-mp crypto decrypt --help': {
    en: 'opens a message step by step with --explain',
    zh: '用 --explain 逐步解密消息',
  },
  'wechat-mp crypto key': { en: 'makes a new EncodingAESKey', zh: '生成新的 EncodingAESKey' },
  'wechat-mp api --list': { en: 'lists the calls of the platform', zh: '列出平台的接口' },
  'wechat-mp trigger --list': {
    en: 'lists the types of messages and events',
    zh: '列出消息与事件类型',
  },
  'wechat-mp simulator': { en: 'starts a simulator', zh: '启动模拟器' },
  'wechat-mp simulator --help': { en: 'names the scenarios', zh: '列出场景' },
  'wechat-mp simulator -- wechat-mp token': {
    en: 'works without an account',
    zh: '没有公众号也能试',
  },
  'wechat-mp sign-url --help': {
    en: 'names the mistake in a signature with --check',
    zh: '用 --check 指出签名错在哪里',
  },
  'wechat-mp help exit-codes': { en: 'lists all exit codes', zh: '列出所有退出码' },
  'wechat-mp --help': { en: 'lists all commands', zh: '列出所有命令' },
  'wechat-mp help --help': { en: 'names the topics', zh: '列出主题' },
};

/** The steps of the tables, with their reasons. */
export function stepsOf(commands: readonly string[]): readonly NextStep[] {
  return commands.flatMap((command) => {
    const why = reasons[command];
    return why === undefined ? [] : [{ command, why }];
  });
}

/** What a call takes, of which the platform has refused one. */
export function describeStep(path: string): NextStep {
  return {
    command: `wechat-mp api --describe ${path}`,
    why: {
      en: 'shows what the call takes, how often a day, and who may make it',
      zh: '查看该接口的参数、每日额度及可用的账号类型',
    },
  };
}

/** The way to everything that is known about a trouble. */
export function explainStep(key: string | number): NextStep {
  return {
    command: `wechat-mp explain ${key}`,
    why: { en: 'names the causes and what to do about each', zh: '列出原因与处理办法' },
  };
}
