/** What a phone says, and what is said of what no phone can do. */
import type { Text } from '../../../core/text/text.ts';
import type { MediaType } from '../../nouns/media/state.ts';

export const noButton = (place: string): Text => ({
  en: `There is no button at [${place}]`,
  zh: `位置 [${place}] 没有按钮`,
});

export const miniProgramOpens = (appId: string, page: string): Text => ({
  en: `The mini program ${appId} opens: ${page}`,
  zh: `打开小程序 ${appId}：${page}`,
});

export const scanned = (result: string): Text => ({ en: `Scanned: ${result}`, zh: `扫码结果：${result}` });

export const receivingMessage: Text = { en: 'Receiving message', zh: '消息接收中' };

export const nothingComes = (id: string): Text => ({
  en: `Nothing comes: the account has no media or published article "${id}"`,
  zh: `没有内容：此公众号没有素材或已发布的图文“${id}”`,
});

export const noResponse: Text = { en: 'The server did not respond', zh: '服务器没有响应' };

export const handedToService: Text = { en: 'Handed to customer service', zh: '已转接人工客服' };

export const heardByService = (account: string): Text => ({
  en: `${account} serves this person: the message went there, and not to your server`,
  zh: `客服 ${account} 正在接待该用户：消息直接转给客服，不推送到你的服务器`,
});

export const handedToAi: Text = { en: 'Handed to the AI service', zh: '已转接 AI 客服' };

export const unknownMedium = (field: string, id: string): Text => ({
  en: `${field} must be media of this account, got "${id}"`,
  zh: `${field} 必须是此公众号的素材，收到的是“${id}”`,
});

export const uploadFirst: Text = {
  en: 'Upload it first (media/upload or material/add_material); temporary media expire after 3 days',
  zh: '请先上传素材（media/upload 或 material/add_material）；临时素材 3 天后失效',
};

export const codeForm: Text = {
  en: 'A code must be named by either "ticket" or "url"',
  zh: '二维码必须用“ticket”或“url”之一指定',
};

export const buttonForm: Text = {
  en: '"button" must be a place in the menu from 0: [1], or [1, 0] for a sub-button',
  zh: '“button”必须是从 0 开始的菜单位置：[1]，子按钮写作 [1, 0]',
};

export const picturesRange = (maxPictures: number): Text => ({
  en: `"pictures" must be a whole number from 1 to ${maxPictures}`,
  zh: `“pictures”必须是 1 到 ${maxPictures} 之间的整数`,
});

export const dataForm: Text = {
  en: '"data" must be a data URL in Base64: "data:image/png;base64,…"',
  zh: '“data”必须是 Base64 的 data URL：“data:image/png;base64,…”',
};

const mediaTypes: Readonly<Record<MediaType, Text>> = {
  image: { en: 'an image', zh: '图片' },
  voice: { en: 'a voice', zh: '语音' },
  video: { en: 'a video', zh: '视频' },
  thumb: { en: 'a thumb', zh: '缩略图' },
};

/** What an upload of the same file would be told. */
const uploadRefusals: Readonly<Record<number, Text>> = {
  40005: { en: 'the format is not accepted', zh: '格式不支持' },
  45001: { en: 'the file is too large', zh: '文件过大' },
  45007: { en: 'it plays too long', zh: '时长过长' },
};

/** `format` where it is a known one. */
export const dataRefused = (type: MediaType, errcode: number, format: string | undefined): Text => {
  const why = uploadRefusals[errcode] ?? { en: 'it is refused', zh: '不接受' };
  return {
    en: `"data" must be ${mediaTypes[type].en} that WeChat takes: ${why.en} (${errcode})${format === undefined ? '' : `, got ${format}`}`,
    zh: `“data”必须是微信接受的${mediaTypes[type].zh}：${why.zh}（${errcode}）${format === undefined ? '' : `，收到的是 ${format}`}`,
  };
};

export const noLongerFollowing: Text = { en: 'No longer following', zh: '已取消关注' };

export const profileOpens: Text = { en: "The account's profile opens", zh: '打开公众号资料页' };

export const seesNoMenu: Text = { en: 'This person sees no menu', zh: '该用户看不到任何菜单' };

export const alreadyFollowing: Text = { en: 'Already following', zh: '已经关注' };

export const doesNotFollow: Text = { en: 'Does not follow', zh: '尚未关注' };

export const nowFollowing: Text = { en: 'Now following', zh: '已关注' };

export const foreignCode: Text = { en: 'This is not a code of this account', zh: '该二维码不属于此公众号' };

export const codeExpired: Text = { en: 'The code has expired', zh: '二维码已过期' };

export const mustFollowFirst = (openId: string): Text => ({
  en: `"${openId}" must follow the account first: POST /_ctl/phone/${openId}/follow`,
  zh: `“${openId}”必须先关注公众号：POST /_ctl/phone/${openId}/follow`,
});

export const unknownType = (sampleId: string): Text => ({
  en: `There is no message type "${sampleId}"; GET /_ctl/samples lists them`,
  zh: `没有名为“${sampleId}”的消息类型；GET /_ctl/samples 可查看全部类型`,
});

export const messageUnreadable = (text: Text): Text => ({
  en: `"message": ${text.en}`,
  zh: `“message”：${text.zh}`,
});

export const templateTwice: Text = {
  en: 'A template must be named once in "accept" or "reject"',
  zh: '同一模板在“accept”和“reject”中只能出现一次',
};

export const nothingAnswered: Text = {
  en: 'At least one of "accept", "reject" and "one_time_scene" must be given',
  zh: '“accept”、“reject”、“one_time_scene”至少要有一个',
};

export const templatesForm = (key: string): Text => ({
  en: `"${key}" must be a list of template ids`,
  zh: `“${key}”必须是模板 ID 的数组`,
});

export const unknownTemplates = (key: string): Text => ({
  en: `"${key}" must name subscription templates of the account, see GET /_ctl/templates`,
  zh: `“${key}”只能包含账号已选用的订阅通知模板，见 GET /_ctl/templates`,
});

export const oneTimeSceneForm: Text = {
  en: '"one_time_scene" must be a whole number from 0 to 10000',
  zh: '“one_time_scene”必须是 0 到 10000 之间的整数',
};
