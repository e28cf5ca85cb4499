/** The lines with which a program finds the simulator: variables for a shell, and a setting for each library. The READMEs have the same ones, which a test holds. */
import { shellWord } from '../../../core/text/shell-word.ts';
import type { Text } from '../../../core/text/text.ts';

/** What a program needs to know, by the names that this tool reads. */
export type Variables = Readonly<Record<string, string>>;

export interface Way {
  readonly name: string;
  readonly lines: (variables: Variables) => readonly string[];
  /** Where the lines belong, or what else is to be known. */
  readonly note?: Text;
}

/** Variables, in the manner of each place that takes them. */
export const shells: readonly Way[] = [
  {
    name: 'Shell',
    lines: (variables) => format(variables, (name, value) => `export ${name}=${shellWord(value)}`),
  },
  { name: '.env', lines: (variables) => format(variables, (name, value) => `${name}=${shellWord(value)}`) },
  {
    name: 'PowerShell',
    lines: (variables) =>
      format(variables, (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`),
  },
];

function format(variables: Variables, line: (name: string, value: string) => string): readonly string[] {
  return Object.entries(variables).map(([name, value]) => line(name, value));
}

/** The address that the lines below are written with, as in the READMEs. */
const usualAddress = 'http://127.0.0.1:8090';
const inConfiguration: Text = { en: 'In the configuration', zh: '写在配置中' };

function library(name: string, lines: readonly string[], note?: Text): Way {
  return {
    name,
    lines: ({ WECHAT_MP_API_BASE: base = usualAddress }) =>
      lines.map((line) => line.replaceAll(usualAddress, base)),
    ...(note !== undefined && { note }),
  };
}

export const libraries: readonly Way[] = [
  library('co-wechat-api', [`api.prefix = '${usualAddress}/cgi-bin/';`, 'api.mpPrefix = api.prefix']),
  library('wechat-api', [`api.endpoint = '${usualAddress}';`, `api.mpPrefix = '${usualAddress}/cgi-bin/'`]),
  library('node-easywechat', [`http: { baseURL: '${usualAddress}' }`], inConfiguration),
  library(
    'EasyWeChat 6 (PHP)',
    [`'http' => ['base_uri' => '${usualAddress}/'],`, "'use_stable_access_token' => false"],
    {
      en: 'In the configuration. With the stable token on, that one call goes to the real host whatever base_uri says',
      zh: '写在配置中。启用稳定版 token 时，该请求始终发往真实域名，不受 base_uri 影响',
    },
  ),
  library('WxJava', [
    `url = "${usualAddress}"`,
    'config.setHostConfig(WxMpHostConfig.builder().apiHost(url).mpHost(url).openHost(url).build())',
  ]),
  library(
    'wechatpy',
    [
      'import re, requests',
      'send = requests.Session.request;',
      String.raw`requests.Session.request = lambda session, method, url, **more: send(session, method, re.sub(r'^https://[\w.]+\.weixin\.qq\.com', '${usualAddress}', url), **more)`,
    ],
    {
      en: 'API_BASE_URL alone is not enough: several calls name the real host themselves',
      zh: '只改 API_BASE_URL 不够：部分接口在库中写死了真实域名',
    },
  ),
  library('silenceper/wechat (Go)', [
    `url := "${usualAddress}"`,
    'hosts := strings.NewReplacer("https://api.weixin.qq.com", url, "https://mp.weixin.qq.com", url, "https://open.weixin.qq.com", url, "https://file.api.weixin.qq.com", url);',
    'util.SetURIModifier(hosts.Replace)',
  ]),
  library(
    'PowerWeChat (Go)',
    [
      `Http: officialAccount.Http{BaseURI: "${usualAddress}/"}`,
      `app.AccessToken.EndpointToGetToken = "${usualAddress}/cgi-bin/token"`,
    ],
    {
      en: 'The first line goes into the configuration, the second after the app has been created',
      zh: '第一行写在配置中，第二行在创建应用之后执行',
    },
  ),
  library('Senparc.Weixin (.NET)', [`Senparc.Weixin.Config.ApiMpHost = "${usualAddress}"`]),
];
