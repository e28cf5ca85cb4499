/** The table of contents: every command, its one line, and the file it lives in. Nothing else is loaded to show help. */
import type { Text } from '../../core/text/text.ts';
import type { CommandDefinition } from '../frame/command.ts';

export interface Leaf {
  readonly name: string;
  readonly summary: Text;
  readonly load: () => Promise<{ readonly command: CommandDefinition }>;
  /** What can be done with what the command has started; it takes no words of its own but behind `--`. */
  readonly verbs?: readonly Leaf[];
}

export interface Group {
  readonly name: string;
  readonly summary: Text;
  readonly verbs: readonly Leaf[];
}

interface Section {
  readonly title: Text;
  readonly entries: readonly (Leaf | Group)[];
}

export const sections: readonly Section[] = [
  {
    title: { en: 'Start here', zh: '从这里开始' },
    entries: [
      {
        name: 'init',
        summary: { en: 'Set up a project and its account', zh: '初始化项目及其公众号' },
        load: () => import('./init/init.ts'),
      },
      {
        name: 'doctor',
        summary: {
          en: 'Find what is wrong: machine, network, account, server',
          zh: '检查问题所在：本机、网络、账号、服务器',
        },
        load: () => import('./doctor/doctor.ts'),
      },
      {
        name: 'simulator',
        summary: { en: 'Run a local WeChat platform', zh: '运行本地的微信平台' },
        load: () => import('./simulator/simulator.ts'),
        verbs: [
          {
            name: 'wait',
            summary: { en: 'Wait until a simulator is ready', zh: '等待模拟器就绪' },
            load: () => import('./simulator/wait.ts'),
          },
          {
            name: 'compare',
            summary: {
              en: 'Compare what WeChat and the simulator answer',
              zh: '比较微信与模拟器的应答',
            },
            load: () => import('./simulator/compare.ts'),
          },
        ],
      },
    ],
  },
  {
    title: { en: 'Account', zh: '账号' },
    entries: [
      {
        name: 'profile',
        summary: { en: 'Accounts this machine knows', zh: '本机保存的公众号' },
        verbs: [
          {
            name: 'add',
            summary: { en: 'Save an account after proving it', zh: '验证并保存一个公众号' },
            load: () => import('./profile/add.ts'),
          },
          {
            name: 'list',
            summary: { en: 'Show the saved accounts', zh: '列出已保存的公众号' },
            load: () => import('./profile/list.ts'),
          },
          {
            name: 'use',
            summary: { en: 'Choose the default account', zh: '选择默认公众号' },
            load: () => import('./profile/use.ts'),
          },
          {
            name: 'show',
            summary: {
              en: 'Show the settings in force and where each comes from',
              zh: '显示生效的设置及其来源',
            },
            load: () => import('./profile/show.ts'),
          },
          {
            name: 'remove',
            summary: { en: 'Forget an account and its secrets', zh: '删除一个公众号及其密钥' },
            load: () => import('./profile/remove.ts'),
          },
        ],
      },
      {
        name: 'token',
        summary: {
          en: 'Print an access_token, from the cache where it is fresh',
          zh: '输出 access_token，缓存有效则用缓存',
        },
        load: () => import('./token/token.ts'),
      },
      {
        name: 'quota',
        summary: { en: "What is left of the day's calls", zh: '今日剩余的接口调用次数' },
        load: () => import('./quota/quota.ts'),
      },
      {
        name: 'ip',
        summary: {
          en: 'Your address as WeChat sees it; those of WeChat',
          zh: '微信所见的本机 IP；微信服务器的 IP',
        },
        load: () => import('./ip/ip.ts'),
      },
      {
        name: 'relay',
        summary: {
          en: 'One token and one address for all: pass calls on',
          zh: '多机共用一个 access_token 和出口 IP：转发接口调用',
        },
        load: () => import('./relay/relay.ts'),
      },
    ],
  },
  {
    title: { en: 'Publish', zh: '发布' },
    entries: [
      {
        name: 'menu',
        summary: { en: 'The custom menu (自定义菜单)', zh: '自定义菜单' },
        verbs: [
          {
            name: 'lint',
            summary: {
              en: 'Check a menu file offline, as WeChat would',
              zh: '离线检查菜单文件，与微信规则一致',
            },
            load: () => import('./menu/lint.ts'),
          },
          {
            name: 'diff',
            summary: { en: 'Compare a menu file with the live menu', zh: '比较菜单文件与线上菜单' },
            load: () => import('./menu/diff.ts'),
          },
          {
            name: 'push',
            summary: { en: 'Check a menu file and make it the menu', zh: '检查菜单文件并发布' },
            load: () => import('./menu/push.ts'),
          },
          {
            name: 'pull',
            summary: { en: 'Fetch the menu as a file', zh: '把线上菜单取回为文件' },
            load: () => import('./menu/pull.ts'),
          },
          {
            name: 'delete',
            summary: { en: 'Delete the menu, after a backup', zh: '备份后删除菜单' },
            load: () => import('./menu/delete.ts'),
          },
          {
            name: 'try',
            summary: { en: 'Show which menu a follower sees', zh: '查看某个关注者看到的菜单' },
            load: () => import('./menu/try.ts'),
          },
        ],
      },
      {
        name: 'qr',
        summary: { en: 'QR codes with a scene (带参数二维码)', zh: '带参数二维码' },
        verbs: [
          {
            name: 'create',
            summary: { en: 'Create a code and download its image', zh: '创建二维码并下载图片' },
            load: () => import('./qr/create.ts'),
          },
          {
            name: 'batch',
            summary: { en: 'Create the codes of a table, and go on', zh: '按表格批量创建，可断点续做' },
            load: () => import('./qr/batch.ts'),
          },
          {
            name: 'show',
            summary: { en: 'Draw a code, or save its image', zh: '画出二维码或保存图片' },
            load: () => import('./qr/show.ts'),
          },
        ],
      },
      {
        name: 'sign-url',
        summary: {
          en: 'Sign page URLs for wx.config; name a mistake in a signature',
          zh: '为 wx.config 签名网页地址；查出签名错在哪里',
        },
        load: () => import('./sign-url/sign-url.ts'),
      },
    ],
  },
  {
    title: { en: 'Message server', zh: '消息服务器' },
    entries: [
      {
        name: 'handshake',
        summary: { en: 'The server verification (接入)', zh: '服务器接入验证' },
        verbs: [
          {
            name: 'sign',
            summary: { en: 'Make the signature WeChat would send', zh: '生成微信会发送的签名' },
            load: () => import('./handshake/sign.ts'),
          },
          {
            name: 'check',
            summary: { en: 'Check a signature WeChat sent', zh: '校验微信发来的签名' },
            load: () => import('./handshake/check.ts'),
          },
          {
            name: 'probe',
            summary: { en: 'Verify your server as WeChat does', zh: '像微信一样验证你的服务器' },
            load: () => import('./handshake/probe.ts'),
          },
        ],
      },
      {
        name: 'crypto',
        summary: { en: 'Message encryption (消息加解密)', zh: '消息加解密' },
        verbs: [
          {
            name: 'encrypt',
            summary: { en: 'Put a message into an encrypted envelope', zh: '把消息加密成信封' },
            load: () => import('./crypto/encrypt.ts'),
          },
          {
            name: 'decrypt',
            summary: { en: 'Open an encrypted message, or say why not', zh: '解密消息，或说明失败原因' },
            load: () => import('./crypto/decrypt.ts'),
          },
          {
            name: 'key',
            summary: { en: 'Make a new EncodingAESKey', zh: '生成新的 EncodingAESKey' },
            load: () => import('./crypto/key.ts'),
          },
        ],
      },
      {
        name: 'serve',
        summary: { en: 'Run a message server: echo, rules or yours', zh: '运行消息服务器：回显、规则或转发' },
        load: () => import('./serve/serve.ts'),
      },
      {
        name: 'trigger',
        summary: {
          en: 'Send a message as WeChat does, judge the answer',
          zh: '像微信一样发送消息并判断应答',
        },
        load: () => import('./trigger/trigger.ts'),
      },
    ],
  },
  {
    title: { en: 'Everything else', zh: '其他' },
    entries: [
      {
        name: 'api',
        summary: { en: 'Call any of the platform’s 465 calls', zh: '调用平台的任意接口（465 个）' },
        load: () => import('./api/api.ts'),
      },
      {
        name: 'explain',
        summary: {
          en: 'Say what a code or an error means, and what to do',
          zh: '解释错误码或报错，并给出处理办法',
        },
        load: () => import('./explain/explain.ts'),
      },
      {
        name: 'completion',
        summary: { en: 'Let your shell complete commands and flags', zh: '让 shell 补全命令和选项' },
        load: () => import('./completion/completion.ts'),
      },
      {
        name: 'skill',
        summary: { en: 'The guide for coding agents', zh: '编程智能体使用指南' },
        verbs: [
          {
            name: 'print',
            summary: { en: 'Print the guide', zh: '输出指南' },
            load: () => import('./skill/print.ts'),
          },
          {
            name: 'install',
            summary: { en: 'Put it where agents look for it', zh: '安装到智能体读取的目录' },
            load: () => import('./skill/install.ts'),
          },
        ],
      },
      {
        name: 'help',
        summary: { en: 'Help on a command or a topic', zh: '命令或主题的帮助' },
        load: () => import('./help/help.ts'),
      },
    ],
  },
];

export function isGroup(entry: Leaf | Group): entry is Group {
  return !('load' in entry);
}

export function entries(): readonly (Leaf | Group)[] {
  return sections.flatMap((section) => section.entries);
}

/** Every command with its words. */
export function allLeaves(): readonly { readonly words: readonly string[]; readonly leaf: Leaf }[] {
  return entries().flatMap((entry) => [
    ...(isGroup(entry) ? [] : [{ words: [entry.name], leaf: entry }]),
    ...(entry.verbs ?? []).map((leaf) => ({ words: [entry.name, leaf.name], leaf })),
  ]);
}
