/** The bare command on a terminal: three ways to begin. Everywhere else it is the help. */
import type { Language, Text } from '../../core/text/text.ts';
import type { Io, Prompter } from '../../io/ports.ts';

/** A command line to run, and variables that it needs besides. */
export interface Way {
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Asks, and leads to a command; an empty command line is the help. */
export async function offerWays(io: Io, language: Language): Promise<Way> {
  const prompter = await io.terminal.ask();
  const say = (text: Text): string => text[language];
  const chosen = await prompter.choose(
    say({ en: 'Where do you want to begin?', zh: '从哪里开始？' }),
    ways.map(({ key, title, hint }) => ({ value: key, label: say(title), hint: say(hint) })),
  );
  const way = await (ways.find(({ key }) => key === chosen)?.lead ?? noWay)(prompter, say, io);
  if (way.words.length > 0) io.terminal.writeStderr(`$ wechat-mp ${way.words.join(' ')}\n`);
  return way;
}

type Say = (text: Text) => string;

interface Choice {
  readonly key: string;
  readonly title: Text;
  readonly hint: Text;
  readonly lead: (prompter: Prompter, say: Say, io: Io) => Promise<Way>;
}

const noWay = async (): Promise<Way> => ({ words: [] });

const ways: readonly Choice[] = [
  {
    key: 'simulator',
    title: { en: 'Try it on the simulator', zh: '用模拟器试一试' },
    hint: { en: 'no account needed', zh: '不需要公众号' },
    lead: async () => ({ words: ['simulator', '--open'] }),
  },
  {
    key: 'account',
    title: { en: 'Add my account', zh: '添加我的公众号' },
    hint: { en: 'AppID and AppSecret', zh: 'AppID 和 AppSecret' },
    lead: addAccount,
  },
  {
    key: 'server',
    title: { en: 'My server fails verification', zh: '我的服务器验证失败' },
    hint: { en: 'token验证失败', zh: 'token验证失败' },
    lead: probeServer,
  },
  {
    key: 'help',
    title: { en: 'Show all commands', zh: '查看所有命令' },
    hint: { en: 'wechat-mp --help', zh: 'wechat-mp --help' },
    lead: noWay,
  },
];

async function addAccount(prompter: Prompter, say: Say): Promise<Way> {
  const name = await prompter.text(
    say({ en: 'A short name for it, such as shop', zh: '给它起个短名称，例如 shop' }),
    (answer) =>
      /^[A-Za-z0-9][\w-]{0,63}$/.test(answer.trim())
        ? undefined
        : say({ en: 'Letters, digits, "-" and "_"', zh: '只能用字母、数字、“-”和“_”' }),
  );
  return { words: ['profile', 'add', name.trim()] };
}

async function probeServer(prompter: Prompter, say: Say, io: Io): Promise<Way> {
  const url = await prompter.text(
    say({
      en: "The server's URL, as it stands in WeChat's console",
      zh: '服务器地址(URL)，与公众平台所填一致',
    }),
    (answer) =>
      /^https?:\/\//i.test(answer.trim()) && URL.canParse(answer.trim())
        ? undefined
        : say({ en: 'It begins with http:// or https://', zh: '应以 http:// 或 https:// 开头' }),
  );
  const words = ['handshake', 'probe', url.trim()];
  if (io.environment['WECHAT_MP_CALLBACK_TOKEN']) return { words };
  const token = await prompter.secret(
    say({
      en: 'The Token that stands beside it (Enter: that of the saved account)',
      zh: '与之对应的令牌(Token)（回车：使用已保存账号的令牌）',
    }),
  );
  return token.trim() === '' ? { words } : { words, environment: { WECHAT_MP_CALLBACK_TOKEN: token.trim() } };
}
