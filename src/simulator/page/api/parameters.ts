/** What the parameters of the calls mean, in the words of the official pages. */
import type { Text } from '../../../core/text.ts';

/** One sentence on a parameter, where its name says the same thing in every call. */
export function explainParameter(name: string): Text | undefined {
  return Object.hasOwn(parameters, name) ? parameters[name] : undefined;
}

const parameters: Readonly<Record<string, Text>> = {
  action_name: {
    en: 'QR_SCENE or QR_STR_SCENE for a temporary code, QR_LIMIT_SCENE or QR_LIMIT_STR_SCENE for a permanent one',
    zh: '临时二维码为 QR_SCENE 或 QR_STR_SCENE，永久二维码为 QR_LIMIT_SCENE 或 QR_LIMIT_STR_SCENE',
  },
  appid: { en: 'The AppID of the account', zh: '公众号的 AppID' },
  article_id: { en: 'A published article', zh: '已发布的图文 ID' },
  begin_date: { en: 'The first day, such as 2026-01-31', zh: '起始日期，例如 2026-01-31' },
  begin_openid: {
    en: 'Where the page begins; empty for the first',
    zh: '从哪个 openid 开始；为空则从头开始',
  },
  button: { en: '1 to 3 buttons', zh: '一级菜单，1 到 3 个' },
  client_platform_type: { en: '1 iOS, 2 Android, 3 others', zh: '1 为 iOS，2 为 Android，3 为其他' },
  code: {
    en: 'What the consent page sent to redirect_uri, good once for 5 minutes',
    zh: '授权回调中的 code，5 分钟内仅可使用一次',
  },
  content: { en: 'The text', zh: '文本内容' },
  count: { en: 'How many to read, at most 20', zh: '读取数量，最多 20' },
  end_date: { en: 'The last day', zh: '结束日期' },
  expire_seconds: {
    en: 'Life of a temporary code, at most 2592000 (30 days)',
    zh: '临时二维码有效秒数，最长 2592000（30 天）',
  },
  force_refresh: { en: 'true replaces the token that is in use', zh: '为 true 时强制刷新，原令牌失效' },
  grant_type: { en: 'client_credential, for tokens', zh: '获取 access_token 时填 client_credential' },
  id: { en: 'The id of a tag', zh: '标签 ID' },
  key: {
    en: 'What the event carries as EventKey, at most 128 bytes',
    zh: '事件中的 EventKey，最多 128 字节',
  },
  lang: { en: 'zh_CN, zh_TW or en', zh: 'zh_CN、zh_TW 或 en' },
  matchrule: {
    en: 'Who sees the menu: at least one of tag_id and client_platform_type',
    zh: '匹配规则：tag_id 与 client_platform_type 至少一项',
  },
  media_id: {
    en: 'A file that was uploaded; a temporary one lives 3 days',
    zh: '已上传素材的 ID；临时素材有效 3 天',
  },
  menuid: {
    en: 'A conditional menu, as addconditional answered it',
    zh: '个性化菜单 ID，由 addconditional 返回',
  },
  msgtype: {
    en: 'text, image, voice, video, music, news …',
    zh: 'text、image、voice、video、music、news 等',
  },
  name: { en: 'A name', zh: '名称' },
  next_openid: {
    en: 'Where the page begins; empty for the first',
    zh: '从哪个 openid 开始拉取；为空则从头开始',
  },
  offset: { en: 'Where the page begins, from 0', zh: '起始位置，从 0 开始' },
  openid: { en: 'One person; the phone knows the openids', zh: '用户的 openid' },
  openid_list: { en: 'At most 50 openids', zh: '最多 50 个 openid' },
  remark: { en: 'At most 30 characters', zh: '备注名，最多 30 个字符' },
  scene_id: {
    en: 'A number: 1 to 4294967295, permanent 1 to 100000',
    zh: '场景值：1 到 4294967295，永久二维码为 1 到 100000',
  },
  scene_str: { en: 'A text of 1 to 64 characters', zh: '字符串场景值，1 到 64 个字符' },
  secret: { en: 'The AppSecret', zh: 'AppSecret' },
  sub_button: { en: '1 to 5 buttons below this one', zh: '二级菜单，1 到 5 个' },
  tag_id: { en: 'The id of a tag', zh: '标签 ID' },
  tagid: { en: 'The id of a tag', zh: '标签 ID' },
  template_id: { en: 'A template of the account', zh: '模板 ID' },
  ticket: { en: 'What creating the code answered', zh: '创建二维码时返回的 ticket' },
  touser: { en: 'The openid of the receiver', zh: '接收者的 openid' },
  type: {
    en: 'Which kind: jsapi or wx_card for tickets; click, view … for buttons',
    zh: '类型：ticket 为 jsapi 或 wx_card，按钮为 click、view 等',
  },
  url: { en: 'An address, http or https', zh: '网址，http 或 https' },
  user_id: { en: 'An openid or a WeChat id', zh: 'openid 或微信号' },
};
