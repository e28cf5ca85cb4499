/** What is said of accounts, settings, scenarios and saved states that cannot be. */
import type { Text } from '../../core/text/text.ts';

export const whitelistForm: Text = {
  en: '"whitelist" must be a list of IP addresses and blocks such as ["203.0.113.7", "172.0.0.0/24"], or null to switch it off',
  zh: '“whitelist”必须是 IP 地址或网段的数组，例如 ["203.0.113.7", "172.0.0.0/24"]，或用 null 关闭白名单',
};

export const nameForm = (most: number): Text => ({
  en: `"name" must be a text of at most ${most} characters on one line; "" is none`,
  zh: `“name”必须是最长 ${most} 个字符的单行字符串；"" 表示不设置`,
});

export const pictureForm = (mostKb: number): Text => ({
  en: `"picture" must be a JPEG, PNG, GIF or BMP of at most ${mostKb} KB as "data:image/png;base64,…", or null for none`,
  zh: `“picture”必须是不超过 ${mostKb} KB 的 JPEG、PNG、GIF 或 BMP 图片，格式为 "data:image/png;base64,…"；用 null 删除`,
});

export const domainsForm: Text = {
  en: '"web_auth_domains" must be a list of domains in small letters such as ["m.example.com", "localhost:3000"]; an empty one allows all',
  zh: '“web_auth_domains”必须是小写域名的数组，例如 ["m.example.com", "localhost:3000"]；空数组表示不限制',
};

export const quotasForm: Text = {
  en: '"quotas" must be daily calls by path, for example {"/cgi-bin/qrcode/create":100}, or null for the platform\'s own figure',
  zh: '“quotas”必须是以接口路径为键、每日次数为值的对象，例如 {"/cgi-bin/qrcode/create":100}；用 null 恢复平台默认值',
};

export const unknownQuota = (path: string): Text => ({
  en: `"quotas": no call has the path "${path}"`,
  zh: `“quotas”：没有路径为“${path}”的接口`,
});

export const testAccountRenamed: Text = {
  en: '; a test account is "account_type":"test"',
  zh: '；测试号请用 "account_type":"test"',
};

export const unknownSettingText = (known: Text, key: string, renamed: Text): Text => ({
  en: `Settings must be ${known.en}, got "${key}"${renamed.en}`,
  zh: `设置项只能是${known.zh}，收到的是“${key}”${renamed.zh}`,
});

export const secretForm: Text = {
  en: '"secret" must be 1 to 128 ASCII characters without spaces',
  zh: '“secret”必须是 1 到 128 个不含空格的 ASCII 字符',
};

export const originalIdForm: Text = {
  en: '"original_id" must be "gh_" and 1 to 32 lower-case letters and digits',
  zh: '“original_id”必须是“gh_”加 1 到 32 位小写字母或数字',
};

export const serverForm: Text = {
  en: '"callback" must be an object with "url", "mode" and "format"',
  zh: '“callback”必须是包含“url”、“mode”、“format”的对象',
};

export const unknownScenario = (value: string, names: Text): Text => ({
  en: `There is no scenario "${value}"; there are ${names.en}`,
  zh: `没有名为“${value}”的场景；可用：${names.zh}`,
});

export const scenarioClock: Text = {
  en: '"scenario" must have no "clock": the time belongs to all accounts, POST /_ctl/clock advances it',
  zh: '“scenario”中不能有“clock”：时间由所有账号共用，请用 POST /_ctl/clock 拨快',
};

export const tooManyAccounts = (maxAccounts: number): Text => ({
  en: `A simulator has at most ${maxAccounts} accounts`,
  zh: `一个模拟器最多有 ${maxAccounts} 个账号`,
});

export const accountExists = (appId: string, originalId: string): Text => ({
  en: `There is an account with the AppID "${appId}" or the original id "${originalId}" already`,
  zh: `已存在 AppID 为“${appId}”或原始 ID 为“${originalId}”的账号`,
});

export const unknownAccountText = (appId: string): Text => ({
  en: `There is no account "${appId}"; GET /_ctl/accounts lists them`,
  zh: `没有账号“${appId}”；GET /_ctl/accounts 可查看全部账号`,
});

export const firstAccountStays: Text = {
  en: 'The first account stays: it is the one that calls without an account are for',
  zh: '第一个账号不能删除：未指明账号的调用都由它处理',
};

export const simulatorStopped: Text = { en: 'The simulator stopped', zh: '模拟器已停止' };

export const stateNewer = (version: number, savedVersion: number): Text => ({
  en: `The state is of version ${version}, and this simulator reads at most version ${savedVersion}`,
  zh: `状态文件的版本为 ${version}，当前模拟器最高只能读取版本 ${savedVersion}`,
});

export const updateTool: Text = {
  en: 'Update wechat-mp-cli, or name another file',
  zh: '请更新 wechat-mp-cli，或使用其他文件',
};

export const noState: Text = {
  en: 'This is no state of a simulator',
  zh: '这不是模拟器的状态',
};

export const sameOpenId = (openId: string, before: string): Text => ({
  en: `The openid "${openId}" is that of ${before} already`,
  zh: `openid“${openId}”与 ${before} 重复`,
});

export const scenarioForm: Text = {
  en: 'A scenario, its "settings" and its "callback" must be JSON objects',
  zh: '场景及其中的“settings”、“callback”必须是 JSON 对象',
};

export const notListable = (text: unknown, reason: Text): Text => ({
  en: `"whitelist" cannot have ${JSON.stringify(text)}: ${reason.en}`,
  zh: `“whitelist”中不能有 ${JSON.stringify(text)}：${reason.zh}`,
});

export const starsOfMiniPrograms: Text = {
  en: 'only mini programs may write "*" (whitelist_scope "secret"); write a block such as "172.0.0.0/24"',
  zh: '只有小程序（whitelist_scope 为“secret”）可用“*”；请写成网段，例如“172.0.0.0/24”',
};

export const noPort: Text = { en: 'it must be an address without a port', zh: '只能填写 IP 地址，不带端口' };

export const blockForm: Text = {
  en: 'a block is an address, a slash and 0 to 32 (IPv6: 0 to 128), such as "172.0.0.0/24"',
  zh: '网段应写作 IP 地址、斜杠和 0 到 32（IPv6 为 0 到 128）的前缀长度，例如“172.0.0.0/24”',
};

export const noAddress: Text = {
  en: 'it is no IP address; write for example "203.0.113.7"',
  zh: '不是 IP 地址；正确写法例如“203.0.113.7”',
};

export const snapshotNameForm: Text = {
  en: '"name" must be a text of 1 to 64 characters on one line',
  zh: '“name”必须是 1 到 64 个字符的单行字符串',
};

export const unknownSnapshotText = (name: string, known: readonly string[]): Text => ({
  en: `There is no snapshot "${name}"; ${known.length === 0 ? 'POST /_ctl/snapshot takes one' : `there are ${known.map((each) => `"${each}"`).join(', ')}`}`,
  zh: `没有名为“${name}”的快照；${known.length === 0 ? '可用 POST /_ctl/snapshot 创建' : `可用：${known.map((each) => `“${each}”`).join('、')}`}`,
});

export const tooManySnapshots = (most: { readonly snapshots: number; readonly megabytes: number }): Text => ({
  en: `A simulator keeps ${most.snapshots} snapshots and ${most.megabytes} MB of them; DELETE /_ctl/snapshots/:name makes room`,
  zh: `模拟器最多保留 ${most.snapshots} 个快照，合计 ${most.megabytes} MB；可用 DELETE /_ctl/snapshots/:name 删除旧快照`,
});
