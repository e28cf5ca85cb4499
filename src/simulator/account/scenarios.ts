/** The situations that come with the tool, each a bad day that a program should survive. */
import type { Text } from '../../core/text/text.ts';

interface ShippedScenario {
  readonly text: Text;
  /** As `parseScenario` reads it. */
  readonly scenario: Readonly<Record<string, unknown>>;
}

/** What most programs call; a bad day meets these. */
const usualPaths = [
  '/cgi-bin/menu/get',
  '/cgi-bin/menu/create',
  '/cgi-bin/qrcode/create',
  '/cgi-bin/ticket/getticket',
  '/cgi-bin/user/info',
  '/cgi-bin/message/custom/send',
];
const onePerson = [{ nickname: '小明' }];

export const scenarios: Readonly<Record<string, ShippedScenario>> = {
  'token-conflict': {
    text: {
      en: 'Another program fetches tokens as well: the first call of each kind returns 40001',
      zh: '另一个程序也在获取 access_token：各类接口首次调用返回 40001',
    },
    scenario: {
      followers: onePerson,
      faults: usualPaths.map((path) => ({ path, errcode: 40001 })),
    },
  },
  'ip-not-allowed': {
    text: {
      en: 'The IP whitelist is on, and this machine is not in it: 40164',
      zh: 'IP 白名单已启用，但不包含本机：40164',
    },
    scenario: { followers: onePerson, settings: { whitelist: [] } },
  },
  'quota-used-up': {
    text: { en: "Today's calls are used up: 45009", zh: '当日接口调用次数已用完：45009' },
    scenario: {
      followers: onePerson,
      settings: { quotas: Object.fromEntries(usualPaths.map((path) => [path, 0])) },
    },
  },
  'slow-platform': {
    text: { en: 'Every call takes 6 seconds', zh: '每次接口调用耗时 6 秒' },
    scenario: {
      followers: onePerson,
      faults: ['/cgi-bin/token', '/cgi-bin/stable_token', ...usualPaths].map((path) => ({
        path,
        delay: '6s',
        times: 1_000_000,
      })),
    },
  },
  'callback-down': {
    text: {
      en: 'Nothing listens at the server URL: people see the fault message',
      zh: '服务器 URL 无人监听：用户看到“服务出现故障”',
    },
    scenario: { followers: onePerson, callback: { url: 'http://127.0.0.1:9/wechat' } },
  },
};

export const scenarioNames: readonly string[] = Object.keys(scenarios);
