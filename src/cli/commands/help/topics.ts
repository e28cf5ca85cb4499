/** `help <topic>`: what is true for all commands. */
import { exitCodeTable } from '../../../core/explain/index.ts';
import type { Language, Text } from '../../../core/text/text.ts';
import { Printer } from '../../frame/help.ts';
import type { Paint } from '../../frame/output.ts';

interface Topic {
  readonly title: Text;
  readonly before?: readonly Text[];
  readonly rows: readonly (readonly [string, Text])[];
  readonly after?: readonly Text[];
}

/** `126, 127`, and `129–131, 143` for numbers that follow one another. */
function rangeOf(codes: readonly number[]): string {
  return codes.join(', ').replace('129, 130, 131', '129–131');
}

const allButTheList: Readonly<Record<string, Topic>> = {
  'exit-codes': {
    title: { en: 'Exit codes', zh: '退出码' },
    rows: exitCodeTable.map(({ codes, name }) => [rangeOf(codes), name]),
    after: [
      {
        en: 'What to do about one: wechat-mp explain 3. The JSON error has "type" as well: wechat-mp explain no_account.',
        zh: '处理办法：wechat-mp explain 3。JSON 错误另有 "type"：wechat-mp explain no_account。',
      },
    ],
  },
  environment: {
    title: { en: 'Environment variables', zh: '环境变量' },
    rows: [
      ['WECHAT_MP_NO_INPUT', { en: 'Never ask, as --no-input', zh: '从不提问，等同于 --no-input' }],
      ['WECHAT_MP_PROFILE', { en: 'Which profile to use', zh: '使用哪个配置档案' }],
      [
        'WECHAT_MP_APPID',
        { en: 'AppID; needs WECHAT_MP_APPSECRET beside it', zh: 'AppID，需与 WECHAT_MP_APPSECRET 同时设置' },
      ],
      ['WECHAT_MP_APPSECRET', { en: 'AppSecret', zh: 'AppSecret' }],
      [
        'WECHAT_MP_ACCESS_TOKEN',
        { en: 'A token given by hand; none is fetched', zh: '直接给定的 access_token，不再获取' },
      ],
      ['WECHAT_MP_TOKEN_ENDPOINT', { en: 'stable (default) or classic', zh: 'stable（默认）或 classic' }],
      [
        'WECHAT_MP_TOKEN_URL',
        { en: "The team's token service; none is fetched", zh: '团队的中控服务器；不再自行获取' },
      ],
      [
        'WECHAT_MP_VIA',
        {
          en: 'The relay that every call goes through; no AppSecret is needed',
          zh: '所有调用经由的中继；本机无需 AppSecret',
        },
      ],
      ['WECHAT_MP_VIA_KEY', { en: 'The key for it', zh: '中继的密钥' }],
      [
        'WECHAT_MP_STORE',
        { en: 'Where machines share tokens: redis://…', zh: '多台机器共用 access_token：redis://…' },
      ],
      ['WECHAT_MP_CALLBACK_TOKEN', { en: 'The callback Token (令牌)', zh: '服务器配置里的令牌（Token）' }],
      ['WECHAT_MP_AES_KEY', { en: 'EncodingAESKey, 43 characters', zh: 'EncodingAESKey，43 个字符' }],
      [
        'WECHAT_MP_API_BASE',
        { en: 'Another API host, such as a simulator', zh: '换一个接口地址，例如模拟器' },
      ],
      [
        'WECHAT_MP_TIMEOUT',
        {
          en: 'Longest time for one call with its retries: 500ms, 10s',
          zh: '一次调用（含重试）的最长时间：500ms、10s',
        },
      ],
      [
        'WECHAT_MP_LANG',
        { en: 'en or zh; then LC_ALL, LC_MESSAGES, LANG', zh: 'en 或 zh；其后看 LC_ALL、LC_MESSAGES、LANG' },
      ],
      ['WECHAT_MP_CONFIG_DIR', { en: 'Where profiles are kept', zh: '配置档案所在目录' }],
      [
        'WECHAT_MP_CACHE_DIR',
        { en: 'Where tokens and tickets are kept', zh: 'access_token 与 ticket 缓存所在目录' },
      ],
      ['WECHAT_MP_STATE_DIR', { en: 'Where backups of menus are kept', zh: '菜单备份所在目录' }],
      [
        'HTTPS_PROXY, NO_PROXY',
        { en: 'The proxy, and hosts that go without it', zh: '代理，以及不走代理的主机' },
      ],
      ['NO_COLOR, FORCE_COLOR', { en: 'Colour off or on', zh: '关闭或开启颜色' }],
      ['CI', { en: 'Never ask questions', zh: '不提问' }],
    ],
    after: [
      {
        en: 'An empty variable counts as not set. --dotenv FILE reads more of them from a file; the real ones win. A .env is never read unasked. The flag is not called --env-file because Node.js takes that one itself, wherever it stands on the line, and ends with an error of its own where there is no such file.',
        zh: '空变量视为未设置。--dotenv FILE 可从文件读取变量，真实环境变量优先；未指定时不会读取 .env。之所以不叫 --env-file，是因为无论写在命令行何处，Node.js 都会自己读取该选项，文件不存在时还会直接报错退出。',
      },
    ],
  },
  config: {
    title: { en: 'Settings', zh: '设置' },
    before: [
      {
        en: 'Flags come before the environment, the environment before the profile, the profile before the project file. AppID and AppSecret come from the same place. An explicit --profile sets aside those of the environment.',
        zh: '优先级：选项 > 环境变量 > 配置档案 > 项目文件。AppID 与 AppSecret 必须来自同一处。显式的 --profile 会忽略环境变量中的这两项。',
      },
    ],
    rows: [
      [
        'config.json',
        {
          en: 'Profiles without secrets, in the configuration directory',
          zh: '不含密钥的配置档案，位于配置目录',
        },
      ],
      [
        'secrets.json',
        {
          en: 'Secrets beside it, mode 0600, bound to AppID and API base',
          zh: '密钥，与之同目录，权限 0600，绑定 AppID 与接口地址',
        },
      ],
      [
        'wechat-mp.json',
        {
          en: 'Project file, found upwards: "profile", "appid" as a pin, "serve" with "port" and "path", "trigger" with "to"',
          zh: '项目文件，向上查找：profile、限定用的 appid、serve 的 port 和 path、trigger 的 to',
        },
      ],
    ],
    after: [
      {
        en: 'Durations are a number with its unit: 500ms, 10s, 5m, 1.5h, 7d.',
        zh: '时长写作数字加单位：500ms、10s、5m、1.5h、7d。',
      },
      {
        en: 'Configuration directory: WECHAT_MP_CONFIG_DIR, XDG_CONFIG_HOME/wechat-mp, %APPDATA%\\wechat-mp or ~/.config/wechat-mp. Backups of menus: WECHAT_MP_STATE_DIR, XDG_STATE_HOME/wechat-mp, %LOCALAPPDATA%\\wechat-mp or ~/.local/state/wechat-mp. "wechat-mp profile show" prints every setting with its source.',
        zh: '配置目录：WECHAT_MP_CONFIG_DIR、XDG_CONFIG_HOME/wechat-mp、%APPDATA%\\wechat-mp 或 ~/.config/wechat-mp。菜单备份目录：WECHAT_MP_STATE_DIR、XDG_STATE_HOME/wechat-mp、%LOCALAPPDATA%\\wechat-mp 或 ~/.local/state/wechat-mp。运行 wechat-mp profile show 可查看每项设置及其来源。',
      },
    ],
  },
  output: {
    title: { en: 'Output', zh: '输出' },
    rows: [
      [
        'stdout',
        { en: 'Data and nothing else; a pipe never changes its shape', zh: '只有数据；接管道不会改变格式' },
      ],
      ['stderr', { en: 'Notes, warnings, questions, errors', zh: '提示、警告、提问、错误' }],
      [
        '--json',
        {
          en: "All fields; keys as on WeChat's wire, times in ISO 8601 UTC; an error is one JSON object, the last line of stderr",
          zh: '输出全部字段；键名与微信接口一致，时间为 ISO 8601 UTC；错误是 stderr 最后一行的 JSON 对象',
        },
      ],
      [
        '--quiet',
        { en: 'No notes and hints; warnings and errors stay', zh: '不显示提示；警告和错误仍会显示' },
      ],
      [
        '--verbose, --debug',
        {
          en: 'What is done and why; requests and responses with headers and bodies, without secrets',
          zh: '说明做了什么、为什么；显示请求和应答的头部与正文（不含密钥）',
        },
      ],
    ],
    after: [
      {
        en: 'Colour: --color/--no-color, then NO_COLOR, FORCE_COLOR, TERM=dumb, then whether stderr is a terminal.',
        zh: '颜色：依次看 --color/--no-color、NO_COLOR、FORCE_COLOR、TERM=dumb、stderr 是否为终端。',
      },
    ],
  },
  ci: {
    title: { en: 'In CI', zh: '在 CI 中使用' },
    before: [
      {
        en: 'Hosted runners change their address, and the platform answers 40164 to an address outside the IP whitelist. Call through a relay on a listed machine (wechat-mp relay; WECHAT_MP_VIA and WECHAT_MP_VIA_KEY in the job, which then needs no AppSecret), or from a listed address (a proxy with a fixed one in HTTPS_PROXY; a tunnel by ssh -D and HTTPS_PROXY=socks5://127.0.0.1:1080; a runner on a listed machine), or test against the simulator. A token from elsewhere or from a token service does not help: every call of an official account is checked.',
        zh: '托管的 CI 机器出口 IP 不固定，不在 IP 白名单里会得到 40164。请经由白名单机器上的中继调用（wechat-mp relay；任务中设置 WECHAT_MP_VIA 和 WECHAT_MP_VIA_KEY，无需 AppSecret），或从白名单内的 IP 发起调用（HTTPS_PROXY 指向固定出口的代理；ssh -D 隧道加 HTTPS_PROXY=socks5://127.0.0.1:1080；或在白名单机器上运行 runner），或针对模拟器测试。别处获取的 access_token 或中控服务没有用：公众号的每次调用都会检查来源 IP。',
      },
    ],
    rows: [
      [
        'wechat-mp simulator --intercept -- npm test',
        {
          en: 'Run tests, unchanged, against a fresh simulator',
          zh: '针对全新的模拟器运行测试，代码无需修改',
        },
      ],
      [
        'wechat-mp token --format github',
        {
          en: 'Mask the token and append it to $GITHUB_OUTPUT',
          zh: '屏蔽 access_token 并写入 $GITHUB_OUTPUT',
        },
      ],
      ['wechat-mp menu push menu.json', { en: 'Push a menu out of git', zh: '发布 git 中的菜单' }],
    ],
    after: [
      {
        en: 'In a step, start node_modules/.bin/wechat-mp, or a script of package.json that names wechat-mp: npx is npm, which takes nine times the processor time of the command (0.44 s against 0.05 s) before it starts it.',
        zh: '在步骤中请直接启动 node_modules/.bin/wechat-mp，或在 package.json 的脚本中写 wechat-mp：npx 即 npm，启动命令之前的 CPU 时间就达到命令的九倍（0.44 秒对 0.05 秒）。',
      },
      {
        en: 'CI=true: no questions and no spinner; without a terminal no colour, either. A missing answer is exit code 2 and names the flag.',
        zh: 'CI=true 时不提问、无动画；没有终端时也无颜色。缺少回答时退出码为 2，并指出所需选项。',
      },
    ],
  },
  scenario: {
    title: { en: "The simulator's scenario, and its people", zh: '模拟器的场景与用户' },
    before: [
      {
        en: 'wechat-mp simulator --scenario people.json starts with what this file says, such as {"followers":[{"count":20}],"settings":{"account_type":"personal"}}. All parts are optional.',
        zh: 'wechat-mp simulator --scenario people.json 以文件中的情况启动，例如 {"followers":[{"count":20}],"settings":{"account_type":"personal"}}。各部分都可省略。',
      },
    ],
    rows: [
      [
        'followers',
        {
          en: 'A list: {"count":20}, or one with "openid", "nickname", "subscribed", "tag_ids", "remark", "language", "blacklisted", "blocks_messages" …',
          zh: '数组：{"count":20}，或单个用户：openid、nickname、subscribed、tag_ids、remark、language、blacklisted、blocks_messages 等',
        },
      ],
      [
        'settings',
        {
          en: '"account_type" (personal, unverified_subscription, verified_subscription, unverified_service, verified_service, test), "whitelist", "quotas" …',
          zh: 'whitelist、quotas 等；account_type：personal | unverified_subscription | verified_subscription | unverified_service | verified_service | test',
        },
      ],
      [
        'faults',
        {
          en: 'A list: {"path":"/cgi-bin/menu/create","errcode":45009,"times":3}; "status", "drop", "delay" …',
          zh: '数组：{"path":"/cgi-bin/menu/create","errcode":45009,"times":3}；status、drop、delay 等',
        },
      ],
      [
        'articles',
        {
          en: 'A list of published ones with their comments: {"title":"Hours","comments":[{"openid":"oAlice","content":"Nice","elected":true,"reply":"Thanks"}]}',
          zh: '数组：已发布的文章及其留言，例如 {"title":"营业时间","comments":[{"openid":"oAlice","content":"不错","elected":true,"reply":"谢谢"}]}',
        },
      ],
      ['clock', { en: 'How far the clock is put forward: "2h"', zh: '时钟快进多久："2h"' }],
      [
        'callback',
        {
          en: 'Your server: {"url":"http://localhost:3000/wechat","mode":"safe"}',
          zh: '你的服务器：{"url":"http://localhost:3000/wechat","mode":"safe"}',
        },
      ],
    ],
    after: [
      {
        en: 'Every field is in dist/schemas/scenario.schema.json of the package.',
        zh: '全部字段见 npm 包中的 dist/schemas/scenario.schema.json。',
      },
      {
        en: 'While it runs, HTTP calls do what people do on its page. GET /_ctl/followers lists them. One writes: POST /_ctl/phone/OPENID/send with {"type":"text","text":"hi"}; others are follow, unfollow, scan and tap. GET /_ctl/chats/OPENID is what the phone shows. POST /_ctl/followers and /_ctl/settings take one entry of the above. GET /_ctl lists all calls; a wrong field is answered with the right ones.',
        zh: '运行中可用 HTTP 接口代替页面操作。GET /_ctl/followers 列出关注者。关注者发消息：POST /_ctl/phone/OPENID/send，请求体 {"type":"text","text":"hi"}；另有 follow、unfollow、scan、tap。GET /_ctl/chats/OPENID 是手机上显示的内容。POST /_ctl/followers、/_ctl/settings 的请求体与上面的单项相同。GET /_ctl 列出全部接口；字段有误时会列出可用字段。',
      },
    ],
  },
};

export const topics: Readonly<Record<string, Topic>> = {
  ...allButTheList,
  topics: {
    title: { en: 'Topics of wechat-mp help', zh: 'wechat-mp help 的主题' },
    rows: Object.entries(allButTheList).map(([name, { title }]) => [name, title]),
  },
};

export function renderTopic(topic: Topic, language: Language, paint: Paint): string {
  const printer = new Printer(language, paint);
  printer.raw(paint.strong(topic.title[language]));
  for (const text of topic.before ?? []) {
    printer.raw('');
    printer.paragraph(text);
  }
  printer.raw('');
  printer.table(topic.rows);
  for (const text of topic.after ?? []) {
    printer.raw('');
    printer.paragraph(text);
  }
  return printer.toString();
}
