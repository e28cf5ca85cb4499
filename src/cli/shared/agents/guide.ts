/** The guide for coding agents: which command for which wish, and what not to do. Each command line of it is run by a test. */
import type { Language, Text } from '../../../core/text/text.ts';

/** Where `init --agent` and `skill install` put it: agents that read skills look here. */
export const guideFolder = '.agents/skills';
export const guideName = 'wechat-mp/SKILL.md';
export const guideFile = `${guideFolder}/${guideName}`;

/** For AGENTS.md. */
export const guideLine: Text = {
  en: `- WeChat Official Account (公众号): use the command wechat-mp; read \`${guideFile}\` first.`,
  zh: `- 微信公众号相关工作：使用 wechat-mp 命令，请先阅读 \`${guideFile}\`。`,
};

const description: Text = {
  en: 'Build and debug for a WeChat Official Account (公众号) with wechat-mp: menus, QR codes, JS-SDK signatures, message servers, access tokens, error codes, a local simulator.',
  zh: '使用 wechat-mp 命令开发和调试微信公众号：自定义菜单、带参数二维码、JS-SDK 签名、消息服务器、access_token、返回码，以及本地微信模拟器。',
};

const rules: readonly Text[] = [
  {
    en: 'Simulator first. It needs no account: start it in the background, then add --profile simulator, or run init --simulator once. Use a real account only when asked to.',
    zh: '先用模拟器。它不需要公众号：在后台启动，命令加上 --profile simulator，或在目录中先运行一次 init --simulator。只有用户要求时才使用真实公众号。',
  },
  {
    en: 'Before a write, run it with --dry-run.',
    zh: '写操作之前，先加 --dry-run 运行。',
  },
  {
    en: "Never print a secret: no AppSecret, EncodingAESKey or access_token in answers, logs or files, nor on the command line: use the environment, a profile or --secret-file. The simulator's own are made up: those may be shown.",
    zh: '绝不输出密钥：回答、日志、文件中不得出现 AppSecret、EncodingAESKey、access_token。密钥只来自环境变量、配置档案或 --secret-file，不写在命令行上。模拟器的密钥是虚构的，只有它们可以显示。',
  },
  {
    en: "On a real account, ask before what reaches people or cannot be undone: a menu, a permanent QR code, a message, a publication, a deletion. --yes is the person's answer there, and yours on the simulator.",
    zh: '在真实公众号上，凡是会触达用户或无法撤销的操作（菜单、永久二维码、消息、发布、删除），先询问用户。此时 --yes 由用户决定；在模拟器上可自行加上。',
  },
  {
    en: 'Add --json and read stdout. Exit code 1: the answer is no; 2: command line or file wrong; 3: a human must act; 4: WeChat refused; 5: network; 6: quota. An error ends stderr, with "hint" and often "next".',
    zh: '加上 --json 并读取 stdout。退出码 1 表示结论为否；2 命令行或文件有误；3 需要人工处理；4 微信拒绝；5 网络；6 额度。错误是 stderr 最后一行，含 "hint"，多数还有 "next"。',
  },
];

/** A wish and the command for it. */
const wishes: readonly (readonly [wish: Text, command: string])[] = [
  [{ en: 'Begin with the simulator', zh: '用模拟器开始一个项目' }, 'wechat-mp init --simulator'],
  [{ en: 'Start it', zh: '启动模拟器' }, 'wechat-mp simulator --json'],
  [
    { en: 'Run tests against a fresh one', zh: '针对全新的模拟器运行测试' },
    'wechat-mp simulator --intercept -- npm test',
  ],
  [{ en: 'See whether the account works', zh: '检查公众号是否可用' }, 'wechat-mp doctor --json'],
  [{ en: 'What an error code or message means', zh: '错误码或报错的含义' }, 'wechat-mp explain 40164 --json'],
  [{ en: 'Check a menu file', zh: '检查菜单文件' }, 'wechat-mp menu lint menu.json --json'],
  [
    { en: 'What a push would change', zh: '查看发布会改变什么' },
    'wechat-mp menu push menu.json --dry-run --json',
  ],
  [{ en: 'Publish the menu', zh: '发布菜单' }, 'wechat-mp menu push menu.json --json'],
  [{ en: 'Which menu a follower sees', zh: '某个关注者看到的菜单' }, 'wechat-mp menu try OPENID --json'],
  [{ en: 'One QR code', zh: '一个二维码' }, 'wechat-mp qr create --scene 123 --out qr.jpg --json'],
  [
    { en: 'Many, from a table "scene,name"', zh: '批量，表格列为 scene,name' },
    'wechat-mp qr batch codes.csv --out-dir codes --json',
  ],
  [
    { en: 'Sign a page for wx.config', zh: '为 wx.config 签名' },
    "wechat-mp sign-url 'https://example.com/' --json",
  ],
  [
    {
      en: 'Why it is wrong; ticket.txt has the ticket that signed',
      zh: '签名错在哪里（ticket.txt 为签名所用 ticket）',
    },
    "wechat-mp sign-url 'https://example.com/' --check SIGNATURE --timestamp 1 --nonce n --ticket-file ticket.txt --json",
  ],
  [
    { en: 'Why a signature of WeChat differs', zh: '微信发来的签名为何不对' },
    "wechat-mp handshake check '/wechat?signature=S&timestamp=1&nonce=n' --json",
  ],
  [
    { en: 'Why a server fails verification', zh: '服务器验证失败的原因' },
    'wechat-mp handshake probe http://127.0.0.1:8080/wechat --post --json',
  ],
  [
    { en: 'Send a server a message', zh: '像微信一样向服务器发消息' },
    'wechat-mp trigger text --set Content=hi --to http://127.0.0.1:8080/wechat --json',
  ],
  [
    { en: 'Why a message cannot be decrypted', zh: '消息无法解密的原因' },
    'wechat-mp crypto decrypt message.xml --explain --json',
  ],
  [{ en: 'Find another call of WeChat', zh: '查找微信的其他接口' }, 'wechat-mp api --list tag --json'],
  [{ en: 'What a call takes', zh: '接口的参数' }, 'wechat-mp api --describe /cgi-bin/tags/create --json'],
  [{ en: 'Make it', zh: '调用接口' }, 'wechat-mp api /cgi-bin/tags/get --json'],
  [
    {
      en: 'Flags and output of one command (not of all: too long)',
      zh: '单个命令的选项与输出（全部太长）',
    },
    'wechat-mp help --json menu push',
  ],
];

/** What people do at the simulator's page, for those who have no browser. */
const people: readonly (readonly [wish: Text, command: string])[] = [
  [
    { en: 'Followers, kind of account', zh: '关注者、其他账号类型' },
    `echo '{"followers":[{"count":20}],"settings":{"account_type":"personal"}}' > people.json`,
  ],
  [{ en: 'Start with them', zh: '以此启动' }, 'wechat-mp simulator --scenario people.json --json'],
  [{ en: 'All fields of the file', zh: '文件的全部字段' }, 'wechat-mp help scenario'],
  [{ en: 'Who follows', zh: '有哪些关注者' }, 'curl -s $URL/_ctl/followers'],
  [
    { en: 'A follower writes', zh: '关注者发消息' },
    `curl -s $URL/_ctl/phone/OPENID/send -d '{"type":"text","text":"hi"}'`,
  ],
  [{ en: 'What the phone shows', zh: '手机上显示什么' }, 'curl -s $URL/_ctl/chats/OPENID'],
  [{ en: 'Everything else', zh: '其他操作' }, 'curl -s $URL/_ctl'],
];

export function formatGuide(language: Language): string {
  const say = (text: Text): string => text[language];
  const title = { en: 'wechat-mp, for coding agents', zh: 'wechat-mp 编程智能体指南' };
  const [rulesTitle, wishesTitle, peopleTitle] = [
    { en: 'Rules', zh: '规则' },
    { en: 'Commands', zh: '命令' },
    {
      en: "The simulator's people ($URL: its first line)",
      zh: '模拟器里的用户（$URL 见其首行）',
    },
  ];
  const colon = { en: ': ', zh: '：' }[language];
  const line = ([wish, command]: readonly [Text, string]): string => `- ${say(wish)}${colon}\`${command}\``;
  // The head is YAML, where a colon in a text needs quotes.
  return [
    '---',
    'name: wechat-mp',
    `description: ${JSON.stringify(say(description))}`,
    '---',
    '',
    `# ${say(title)}`,
    '',
    `## ${say(rulesTitle)}`,
    '',
    ...rules.map((rule, index) => `${index + 1}. ${say(rule)}`),
    '',
    `## ${say(wishesTitle)}`,
    '',
    ...wishes.map(line),
    '',
    `## ${say(peopleTitle)}`,
    '',
    ...people.map(line),
    '',
  ].join('\n');
}
