/** What `/_ctl` says to calls that it does not take. */
import type { Text } from '../../core/text/text.ts';

export const bodyForm: Text = {
  en: 'The body must be one JSON object',
  zh: '请求体必须是一个 JSON 对象',
};

export const unknownKey = (list: Text, unknown: string): Text => ({
  en: `Fields must be ${list.en}, got "${unknown}"`,
  zh: `字段只能是${list.zh}，收到的是“${unknown}”`,
});

export const missingKey = (list: Text, missing: string): Text => ({
  en: `"${missing}" is missing; the fields are ${list.en}`,
  zh: `缺少“${missing}”；字段有${list.zh}`,
});

export const textTooLong = (key: string, maxTextLength: number): Text => ({
  en: `"${key}" must be a text of at most ${maxTextLength} characters`,
  zh: `“${key}”必须是字符串，最长 ${maxTextLength} 个字符`,
});

export const mustNotBeEmpty = (key: string): Text => ({
  en: `"${key}" must be a text that is not empty`,
  zh: `“${key}”必须是非空字符串`,
});

export const mustBeText = (key: string): Text => ({
  en: `"${key}" must be text`,
  zh: `“${key}”必须是字符串`,
});

export const mustBeFlag = (key: string): Text => ({
  en: `"${key}" must be true or false`,
  zh: `“${key}”必须是 true 或 false`,
});

export const mustBeOneOf = (key: string, list: Text): Text => ({
  en: `"${key}" must be one of ${list.en}`,
  zh: `“${key}”只能是${list.zh}`,
});

export const mustBeWhole = (key: string): Text => ({
  en: `"${key}" must be a whole number, or null for an entry without one`,
  zh: `“${key}”必须是整数；null 表示没有该值的记录`,
});

export const numberRange = (key: string, least: number, most: number): Text => ({
  en: `"${key}" must be a number from ${least} to ${most}`,
  zh: `“${key}”必须是 ${least} 到 ${most} 之间的数字`,
});

export const unknownParameter = (list: Text, unknown: string): Text => ({
  en: `The query can have ${list.en}, got "${unknown}"`,
  zh: `查询参数只能是${list.zh}，收到的是“${unknown}”`,
});

export const repeatedParameter = (name: string): Text => ({
  en: `The query has "${name}" more than once`,
  zh: `查询参数“${name}”重复出现`,
});

export const mustBeObjects = (key: string): Text => ({
  en: `"${key}" must be a list of objects`,
  zh: `“${key}”必须是对象数组`,
});

export const textAt = (place: string, text: Text): Text => ({
  en: `${place}: ${text.en}`,
  zh: `${place}：${text.zh}`,
});

/** Of a text that begins with its place. */
export const placeWithin = (place: string, text: Text): Text => ({
  en: `${place}.${text.en}`,
  zh: `${place}.${text.zh}`,
});

export const onlyValue = (parameter: string, known: string): Text => ({
  en: `"${parameter}" can only be "${known}"`,
  zh: `“${parameter}”只能是“${known}”`,
});

export const countForm = (most: number): Text => ({
  en: `"count" must be a whole number from 1 to ${most}: as many as are kept`,
  zh: `“count”必须是 1 到 ${most} 之间的整数：最多保留这么多条`,
});

export const limitForm = (most: number): Text => ({
  en: `"limit" must be a whole number from 1 to ${most}`,
  zh: `“limit”必须是 1 到 ${most} 之间的整数`,
});

export const afterForm: Text = {
  en: '"after" must be the "id" of an entry of the list',
  zh: '“after”必须是列表中某一条的“id”',
};

export const articleForm: Text = {
  en: 'An article has a "title" of 1 to 64 characters, and "content" with fewer than 20,000 that is more than a script',
  zh: '文章的“title”为 1 到 64 个字符，“content”少于 20000 个字符，且不能只有脚本',
};

export const tooManyElected = (most: number): Text => ({
  en: `At most ${most} comments of an article can be "elected"`,
  zh: `一篇文章最多有 ${most} 条精选留言（“elected”）`,
});

export const unknownPerson = (openId: string): Text => ({
  en: `Nobody has the openid "${openId}"; POST /_ctl/followers makes a follower`,
  zh: `没有 openid 为“${openId}”的用户；POST /_ctl/followers 可创建用户`,
});

export const pathForm: Text = {
  en: '"path" must begin with "/", without host and query, and must not be below "/_ctl"',
  zh: '“path”必须以“/”开头，不带域名和查询串，且不能在“/_ctl”之下',
};

export const multipartForm: Text = {
  en: 'The body must be multipart/form-data as its boundary says',
  zh: '请求体必须是与 boundary 一致的 multipart/form-data',
};

export const callPartForm: Text = {
  en: 'A form must have one text part "call" with the call as JSON, and the parts to send',
  zh: '表单必须包含一个文本字段“call”（JSON 格式的调用），其余字段原样发送',
};

export const partsArePosted: Text = {
  en: 'A call with parts of a form must be POST, without "body"',
  zh: '带表单字段的调用必须使用 POST，且不能带“body”',
};

export const bodyNotKept: Text = {
  en: 'The body of this request was too long to be kept',
  zh: '该请求的请求体过长，未保存，无法重发',
};

export const unknownRequest = (id: string): Text => ({
  en: `There is no request "${id}" in the log, which keeps the last 1000`,
  zh: `日志中没有请求“${id}”：只保留最近 1000 次`,
});

export const noCall: Text = {
  en: 'This path is no call of the API side',
  zh: '该路径不是接口路径',
};

export const queryForm: Text = {
  en: '"query" must be an object of texts',
  zh: '“query”必须是值为字符串的对象',
};

export const noToken = (errcode: number, message: string): Text => ({
  en: `There is no token for this call: ${errcode} ${message}`,
  zh: `无法为该调用获取 access_token：${errcode} ${message}`,
});

export const webAddressForm: Text = {
  en: '"url" must begin with "http://" or "https://"',
  zh: '“url”必须以“http://”或“https://”开头',
};

export const authorizeAddressForm = (authorizePath: string): Text => ({
  en: `"url" must be an address of ${authorizePath}, as your page sends people to it`,
  zh: `“url”必须是 ${authorizePath} 的地址，即网页引导用户打开的地址`,
});

export const weChatRefuses = (shown: string, reason: Text): Text => ({
  en: `WeChat refuses: ${shown}. ${reason.en}`,
  zh: `微信拒绝授权：${shown}。${reason.zh}`,
});

export const revokeInfoForm: Text = {
  en: '"info" must be a number in quotes: "205" for nickname and picture, "201" address, "202" invoice, "204" microphone, "206" location',
  zh: '“info”必须是引号中的数字：“205”昵称和头像、“201”地址、“202”发票、“204”麦克风、“206”位置',
};

export const unknownAddress = (address: string): Text => ({
  en: `No call of "${address}" waits for the administrator`,
  zh: `没有来自“${address}”的调用等待管理员确认`,
});

export const nothingHeldText = (id: string): Text => ({
  en: `There is no mass message "${id}" on hold; GET /_ctl/mass lists them`,
  zh: `没有处于等待状态的群发消息“${id}”；GET /_ctl/mass 可查看全部`,
});

export const noPicture: Text = {
  en: 'The account has no picture; POST /_ctl/settings with "picture" gives it one',
  zh: '公众号尚未设置头像；可用 POST /_ctl/settings 的“picture”设置',
};

export const unknownMediaText = (id: string): Text => ({
  en: `There is no media "${id}"`,
  zh: `没有素材“${id}”`,
});

export const unknownPublicationText = (id: string): Text => ({
  en: `There is no publication "${id}"`,
  zh: `没有发布任务“${id}”`,
});

export const publicationEnds = (status: string, wanted: string): Text => ({
  en: `A publication must be "publishing" to end, or "success" to be "banned", got "${status}" for "${wanted}"`,
  zh: `只有“publishing”的发布任务可以结束，只有“success”的可以变为“banned”；当前为“${status}”，目标为“${wanted}”`,
});

export const nobodyToGoOnAfter = (after: string): Text => ({
  en: `There is nobody with the openid "${after}" to go on after`,
  zh: `没有 openid 为“${after}”的用户，无法从其后继续`,
});

export const serviceAccountForm: Text = {
  en: 'The body must be {"kf_account","invitation":"accept"} or "reject", or {"kf_account","online":true} or false',
  zh: '请求体应为 {"kf_account","invitation":"accept"}（或 "reject"），或 {"kf_account","online":true}（或 false）',
};

export const unknownServiceAccount = (name: unknown): Text => ({
  en: `There is no customer-service account ${JSON.stringify(name)}`,
  zh: `没有客服账号 ${JSON.stringify(name)}`,
});

export const noInvitation = (name: unknown): Text => ({
  en: `No invitation waits for ${JSON.stringify(name)}; POST /customservice/kfaccount/inviteworker makes one`,
  zh: `客服账号 ${JSON.stringify(name)} 没有待确认的邀请；可用 POST /customservice/kfaccount/inviteworker 发起`,
});

export const sessionForm: Text = {
  en: 'The body must be {"openid"} with one of "kf_account" (takes the person, or is given them), "say" and "close":true',
  zh: '请求体应为 {"openid"}，另带以下之一：“kf_account”（接入或转接给该客服）、“say”、“close”:true',
};

export const refusedByPlatform = (errmsg: string, errcode: number): Text => ({
  en: `WeChat refuses that: ${errmsg} (${errcode})`,
  zh: `微信会拒绝：${errmsg}（${errcode}）`,
});

export const noWorker = (name: unknown): Text => ({
  en: `Nobody serves as ${JSON.stringify(name)} yet: an invitation must be accepted first`,
  zh: `客服账号 ${JSON.stringify(name)} 尚未绑定微信号：须先接受邀请`,
});

export const setForm: Text = {
  en: '"set" must be an object of places and texts: {"ScanCodeInfo.ScanResult":"1"}',
  zh: '“set”必须是以字段位置为键、字符串为值的对象：{"ScanCodeInfo.ScanResult":"1"}',
};

export const unsetForm: Text = { en: '"unset" must be a list of places', zh: '“unset”必须是字段位置的数组' };

export const unknownPush = (id: string): Text => ({
  en: `There is no push "${id}" in the log, which keeps the last 200`,
  zh: `日志中没有推送“${id}”：只保留最近 200 次`,
});

export const foreignCall: Text = {
  en: 'Control calls must come from this machine: a loopback "Host" and no foreign "Origin"',
  zh: '控制接口只接受本机请求：“Host”必须是回环地址，且“Origin”不能来自其他网站',
};

export const unknownCall = (calls: readonly string[]): Text => ({
  en: `There is no such control call; there are ${calls.join(', ')}`,
  zh: `没有这个控制接口；可用的有 ${calls.join('、')}`,
});

export const serverUrlForm: Text = {
  en: '"url" must begin with "http://" or "https://", or be null for no server',
  zh: '“url”必须以“http://”或“https://”开头，或为 null 表示不配置服务器',
};

export const timestampForm: Text = {
  en: '"timestamp" must be a number, or digits as text',
  zh: '“timestamp”必须是数字或数字字符串',
};

export const passes: Text = { en: 'wx.config passes', zh: 'wx.config 校验通过' };

export const invalidSignature: Text = {
  en: 'The signature is not that of this page with the ticket in use',
  zh: '签名与当前页面地址和 ticket 不符',
};

export const compareString1: Text = {
  en: 'Compare what the server hashed with string1: ticket, nonceStr, timestamp and the URL without its fragment',
  zh: '请将服务器实际签名的字符串与 string1 逐项对比：ticket、nonceStr、timestamp、不含 # 及其后部分的 URL',
};

export const appIdForm = (appId: string): Text => ({
  en: `"appId" must be "${appId}"`,
  zh: `“appId”应为“${appId}”`,
});

export const noTicketFetched: Text = {
  en: 'No jsapi_ticket has been fetched from this simulator, or it has expired',
  zh: '尚未从本模拟器获取 jsapi_ticket，或已过期',
};

export const letServerFetch: Text = {
  en: 'Let the server fetch it: GET /cgi-bin/ticket/getticket?type=jsapi',
  zh: '请让服务器获取：GET /cgi-bin/ticket/getticket?type=jsapi',
};

export const pageAddressForm: Text = {
  en: 'The address of the page must begin with "http://" or "https://"',
  zh: '页面地址应以“http://”或“https://”开头',
};

export const pageMustBeYours = (host: string): Text => ({
  en: `The page must be yours, got "${host}": the simulator asks nothing of the real platform`,
  zh: `页面应为你自己的页面，收到的是“${host}”：模拟器不会访问真实的微信平台`,
});

export const migrationForm = (most: number): Text => ({
  en: `"openids" must be a list of 1 to ${most} openids of the account that was migrated`,
  zh: `“openids”必须是原账号的 openid 列表，1 到 ${most} 个`,
});

export const commentForm: Text = {
  en: 'An article must be named by either "url" or "msg_data_id" (and "index")',
  zh: '图文必须用“url”或“msg_data_id”（及“index”）之一指定',
};

export const unknownArticle: Text = {
  en: 'There is no such article that has been published or sent; GET /_ctl/comments lists them',
  zh: '没有这篇已发布或已群发的图文；GET /_ctl/comments 可列出',
};

export const commentsClosed: Text = {
  en: 'The article takes no comments: "need_open_comment" was 0, or comment/close was called',
  zh: '该图文未开启留言：“need_open_comment”为 0，或已调用 comment/close',
};

export const followersComment = (openId: string): Text => ({
  en: `Only followers may comment on this article, and "${openId}" does not follow`,
  zh: `该图文仅粉丝可留言，而“${openId}”未关注`,
});

export const foreignComment = (id: number): Text => ({
  en: `This person has no comment ${id}`,
  zh: `该用户没有编号为 ${id} 的留言`,
});
