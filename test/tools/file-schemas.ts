/** Schemas of the files that people write or keep, for editors; the build puts them into `dist/schemas`. */
import { articleFields, type Field, fieldsOf, maxArticles } from '../../src/cli/commands/serve/rules-file.ts';
import { errorSchema, outputSchemas } from '../../src/cli/schemas/index.ts';
import { anyOf, list, mapOf, object, orNull, type Schema, words } from '../../src/cli/schemas/schema.ts';
import { accountTypes } from '../../src/core/account/index.ts';
import { messageTypes } from '../../src/core/message/index.ts';
import { savedVersion } from '../../src/simulator/account/saved.ts';

const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const word: Schema = { type: 'string', pattern: '\\S' };
const count = (minimum: number, maximum?: number): Schema => ({
  type: 'integer',
  minimum,
  ...(maximum === undefined ? {} : { maximum }),
});
const duration: Schema = {
  type: 'string',
  pattern: '^\\d+(\\.\\d+)?(ms|s|m|h|d)$',
  description: 'A number and its unit: 500ms, 10s, 5m, 1.5h, 7d. 数字加单位',
};
const secretText: Schema = { type: 'string', minLength: 1 };

/** An object that may have these keys and no others. */
function closed(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: 'object', additionalProperties: false, required, properties };
}

function about(description: string, schema: Schema): Schema {
  return { ...schema, description };
}

const project = closed({
  $schema: text,
  profile: about('The profile of this project. 本项目使用的配置档案', word),
  appid: about('A pin: with another AppID no command works here. 限定 AppID，不一致时拒绝执行', {
    type: 'string',
    pattern: '^wx[0-9a-f]{16}$',
  }),
  serve: closed({
    port: about(
      'Of "serve", 8080 by default. serve 的端口',
      anyOf(count(0, 65_535), { type: 'string', pattern: '^\\d{1,5}$' }),
    ),
    path: about('Of "serve", /wechat by default. serve 的路径', { type: 'string', pattern: '^/[^?#\\s]*$' }),
  }),
  trigger: closed({
    to: about('Where "trigger" sends to: this machine. trigger 的目标，只能是本机', {
      type: 'string',
      pattern: '^https?://',
    }),
  }),
});

const fieldsAs = (fields: readonly Field[]): Readonly<Record<string, Schema>> =>
  Object.fromEntries(fields.map(([name, , required]) => [name, required === undefined ? text : word]));
const requiredOf = (fields: readonly Field[]): readonly string[] =>
  fields.filter(([, , required]) => required !== undefined).map(([name]) => name);

const news = closed(
  {
    type: { const: 'news' },
    articles: {
      type: 'array',
      minItems: 1,
      maxItems: maxArticles,
      items: closed(fieldsAs(articleFields), requiredOf(articleFields)),
    },
  },
  ['type', 'articles'],
);

const reply: Schema = {
  description:
    'A text; echo, success or none; or a reply with its type. {{0}} to {{9}}, {{FromUserName}} and so on are filled in. 文本、echo、success、none，或带类型的回复',
  anyOf: [
    word,
    news,
    ...Object.entries(fieldsOf)
      .filter(([type]) => type !== 'news')
      .map(([type, fields]) =>
        closed({ type: { const: type }, ...fieldsAs(fields) }, ['type', ...requiredOf(fields)]),
      ),
  ],
};

const rule = closed(
  {
    type: about('MsgType of the message. 消息类型', words(...messageTypes)),
    event: about('Event, in the spelling of WeChat. 事件名，区分大小写', word),
    key: about('EventKey: a text, or /a regular expression/. 文本或 /正则表达式/', word),
    text: about('Content: a text, or /a regular expression/. 文本或 /正则表达式/', word),
    reply,
  },
  ['reply'],
);

const rules = anyOf(list(rule), closed({ $schema: text, rules: list(rule) }, ['rules']));

const fault = closed(
  {
    path: about('The call, such as /cgi-bin/menu/get. 接口路径', { type: 'string', pattern: '^/[^?#\\s]*$' }),
    errcode: { type: 'integer' },
    errmsg: text,
    status: count(200, 599),
    headers: mapOf(text),
    body: text,
    body_base64: text,
    delay: duration,
    drop: about('Resets the connection. 断开连接', flag),
    partial: about('Ends the connection after so many bytes. 返回若干字节后断开', count(0)),
    bomb: about('Answers with so many MiB, compressed. 返回压缩炸弹（MiB）', count(1, 1024)),
    after: about('Does the work, then loses or bends the answer. 先执行再改动应答', flag),
    skip: about('So many calls pass first. 前几次不受影响', count(0, 1_000_000)),
    times: about('1 by default. 次数，默认 1', count(1, 1_000_000)),
    chance: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
  },
  ['path'],
);

const follower = closed({
  openid: text,
  count: count(1),
  wechat_id: text,
  unionid: text,
  nickname: text,
  language: text,
  client_platform_type: words(1, 2, 3),
  subscribed: flag,
  subscribe_scene: text,
  qr_scene: anyOf(text, { type: 'integer' }),
  remark: text,
  tag_ids: list(count(2)),
  blacklisted: flag,
  blocks_messages: flag,
});

const callback = closed({
  url: orNull({ type: 'string', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://' }),
  token: secretText,
  aes_key: secretText,
  mode: words('plain', 'compat', 'safe'),
  format: words('xml', 'json'),
  check: flag,
});

const settings = closed({
  name: text,
  picture: orNull(text),
  whitelist: about('IP 白名单: null is off, [] lets nobody in. null 为关闭', orNull(list(text))),
  whitelist_scope: words('all', 'secret'),
  ip_confirmation: flag,
  web_auth_domains: list(text),
  secret_frozen: flag,
  account_type: words(...accountTypes),
  open_platform: flag,
  comments: flag,
  accept_chunked: flag,
  quotas: about('Calls a day by path; null is the figure of WeChat. 每日次数', mapOf(orNull(count(0)))),
});

const article = closed(
  {
    title: { type: 'string', minLength: 1, maxLength: 64 },
    content: about('HTML; the title by default. 正文 HTML，默认为标题', word),
    followers_only: about('Only followers may comment. 仅关注者可留言', flag),
    comments: about(
      'The oldest first; whoever is not there yet comes as a follower. 从早到晚；用户不存在时自动创建',
      list(
        closed(
          {
            openid: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' },
            content: secretText,
            elected: about('精选', flag),
            reply: about('Of the account. 作者回复', secretText),
          },
          ['openid', 'content'],
        ),
      ),
    ),
  },
  ['title'],
);

const scenario = closed({
  $schema: text,
  settings,
  faults: list(fault),
  followers: list(follower),
  articles: about('Published before, each with its comments. 已发布的文章及其留言', list(article)),
  clock: about('How far the clock is put forward. 时钟快进多久', duration),
  callback,
});

const texts = (...names: readonly string[]): Schema =>
  object(Object.fromEntries(names.map((name) => [name, text])));

const state = object({
  version: { const: savedVersion },
  runs: count(1),
  offsetMs: { type: 'number' },
  accounts: {
    type: 'array',
    minItems: 1,
    items: object({
      number: count(1),
      account: texts('appId', 'secret', 'callbackToken', 'encodingAESKey', 'originalId'),
      callback: object({}),
      faults: list(fault),
      platform: object({ settings: object({}), nouns: object({}) }),
    }),
  },
});

/** As a program sees the rows of the table: every cell is a text. */
const table = list({
  type: 'object',
  required: ['scene'],
  properties: {
    scene: about('1 to 4294967295 (permanent: to 100000), or 1 to 64 characters. 场景值', {
      type: 'string',
      minLength: 1,
      maxLength: 64,
    }),
    name: about('Of the file, the scene by default. 文件名，默认为场景值', text),
    expire: about('1s to 30d; 30d by default. 有效期', {
      type: 'string',
      pattern: '^(\\d+(\\.\\d+)?(ms|s|m|h|d))?$',
    }),
    permanent: words('yes', 'y', 'true', '1', '是', 'no', 'n', 'false', '0', '否', ''),
  },
});

const titles: Readonly<Record<string, readonly [title: string, schema: Schema]>> = {
  'wechat-mp': ['wechat-mp.json, the project file of wechat-mp（项目文件）', project],
  rules: ['Rules of "wechat-mp serve --rules"（回复规则）', rules],
  scenario: ['A scenario of "wechat-mp simulator --scenario"（场景）', scenario],
  'qr-batch': ['The table of "wechat-mp qr batch", its CSV as a list of rows（批量二维码表格）', table],
  state: ['What "wechat-mp simulator --state" keeps（模拟器状态）', state],
  error: ['The error object of --json, the last line of stderr（错误对象）', errorSchema],
};

function named(title: string, schema: Schema): Schema {
  return { $schema: 'http://json-schema.org/draft-07/schema#', title, ...schema };
}

/** Every schema that ships, by its file below `dist/schemas`. */
export function shippedSchemas(): Readonly<Record<string, Schema>> {
  return Object.fromEntries([
    ...Object.entries(titles).map(([name, [title, schema]]) => [`${name}.schema.json`, named(title, schema)]),
    ...Object.entries(outputSchemas).map(([command, schema]) => [
      `output/${command.replaceAll(' ', '-')}.schema.json`,
      named(`What "wechat-mp ${command} --json" prints`, schema),
    ]),
  ]);
}
