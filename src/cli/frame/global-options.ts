/** The flags that every command takes, before or after its name. */
import { flag, type OptionSpec, type OptionValues, value } from './command.ts';

export const globalOptions = {
  profile: value('-p, --profile <name>', { en: 'Use this profile', zh: '使用这个配置档案' }, ['<profile>']),
  json: flag('--json', { en: 'Print JSON for scripts', zh: '输出供脚本使用的 JSON' }),
  quiet: flag('-q, --quiet', { en: 'No notes and hints on stderr', zh: 'stderr 上不显示提示' }),
  verbose: flag('-v, --verbose', { en: 'Say what is done, and why', zh: '说明做了什么、为什么' }),
  debug: flag('--debug', {
    en: 'Show requests and responses, without secrets',
    zh: '显示请求和应答的内容（不含密钥）',
  }),
  color: flag('--color', { en: 'Colour even without a terminal', zh: '没有终端也用颜色' }),
  noColor: flag('--no-color', { en: 'No colour', zh: '不用颜色' }),
  noInput: flag('--no-input', { en: 'Never ask', zh: '从不提问' }),
  yes: flag('-y, --yes', { en: 'Answer yes to "Continue?"', zh: '对“继续吗？”一律回答是' }),
  timeout: value('--timeout <duration>', {
    en: 'Longest time for one call with its retries, 10s by default',
    zh: '一次调用（含重试）的最长时间，默认 10s',
  }),
  proxy: value('--proxy <url>', {
    en: 'Proxy (http, https or socks5), instead of HTTPS_PROXY',
    zh: '代理（http、https 或 socks5），代替 HTTPS_PROXY',
  }),
  apiBase: value('--api-base <url>', {
    en: 'Another API host, such as a simulator',
    zh: '换一个接口地址，例如模拟器',
  }),
  lang: value('--lang <en|zh>', { en: 'Language of messages and help', zh: '消息与帮助的语言' }, [
    'en',
    'zh',
  ]),
  dotenv: value('--dotenv <file>', {
    en: 'Read variables from this file, below the real ones',
    zh: '从文件读取变量，真实环境变量优先',
  }),
  help: flag('-h, --help', { en: 'Show help', zh: '显示帮助' }),
  version: flag('-V, --version', { en: 'Show the version', zh: '显示版本号' }),
} as const satisfies Readonly<Record<string, OptionSpec<unknown>>>;

/** The values of the global flags as they were written. `color` undefined: as the stream and the environment say. */
export type GlobalOptions = Omit<OptionValues<typeof globalOptions>, 'color' | 'noColor'> & {
  readonly color?: boolean | undefined;
};
