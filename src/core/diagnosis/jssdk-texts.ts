/** The mistakes in signatures for `wx.config` in words. `%` is what exactly was done. */
import type { Text } from '../text/text.ts';
import type { MistakeWords } from './search.ts';

const signWhole: Text = {
  en: 'Sign location.href.split("#")[0] as the page sends it; the page sends it through encodeURIComponent',
  zh: '对页面传来的 location.href.split("#")[0] 签名；页面传参时用 encodeURIComponent 编码一次',
};
const signShown: Text = {
  en: 'Sign the URL as location.href shows it, neither encoded nor decoded again',
  zh: '按 location.href 的原样签名，不要再编码或解码',
};
const signMoment: Text = {
  en: 'Sign the URL of the moment, location.href.split("#")[0], not one from the configuration',
  zh: '对用户当前打开的地址 location.href.split("#")[0] 签名，不要使用写死的地址',
};
const askProxy: Text = {
  en: 'Take the URL from the page: behind a proxy the server sees another scheme, host and port',
  zh: '地址应由页面传来：经过反向代理后，服务器看到的协议、域名和端口可能不同',
};
const useTicket: Text = {
  en: 'Sign with the ticket of GET /cgi-bin/ticket/getticket?type=jsapi',
  zh: '应使用 GET /cgi-bin/ticket/getticket?type=jsapi 返回的 ticket 签名',
};
const formatRight: Text = {
  en: 'Join jsapi_ticket=…&noncestr=…&timestamp=…&url=… in this order, values as they are',
  zh: '按此顺序拼接：jsapi_ticket=…&noncestr=…&timestamp=…&url=…，值保持原样',
};

export const jssdkMistakeWords = {
  share_parameters_missing: [
    {
      en: 'The parameters that WeChat added when the page was shared were left out',
      zh: '签名时缺少微信分享附加的参数',
    },
    signMoment,
  ],
  share_parameters_added: [
    {
      en: 'The URL was signed with parameters of sharing that the page does not have: "%"',
      zh: '签名的地址多了分享参数“%”，而当前页面没有',
    },
    signMoment,
  ],
  query_cut: [
    { en: 'The URL was cut at "&" before it was signed', zh: '签名的地址在“&”处被截断' },
    {
      en: 'Send it to the server through encodeURIComponent, so that "&" stays part of it',
      zh: '页面把地址传给服务器时要用 encodeURIComponent 编码，否则“&”之后会丢失',
    },
  ],
  query_missing: [{ en: 'The URL was signed without its query', zh: '签名的地址缺少查询参数' }, signWhole],
  oauth_parameters_missing: [
    {
      en: 'The URL was signed without what 网页授权 (OAuth) had appended: "%"',
      zh: '签名的地址缺少网页授权（OAuth）附加的参数：“%”',
    },
    signMoment,
  ],
  parameters_missing: [
    { en: 'Parameters of the URL were left out: "%"', zh: '签名的地址缺少查询参数：“%”' },
    signWhole,
  ],
  query_order: [
    {
      en: 'The URL was signed with its parameters in another order',
      zh: '签名的地址中查询参数的顺序不同',
    },
    {
      en: 'Sign the text of location.href: take no query apart and put none together again',
      zh: '直接对 location.href 的原文签名，不要拆开查询参数再重新拼接',
    },
  ],
  trailing_slash: [
    {
      en: 'The URL was signed with a "/" too many at its end, or without the one it has',
      zh: '签名的地址末尾多了或少了“/”',
    },
    signShown,
  ],
  path_missing: [
    { en: 'Only the domain was signed, without the path', zh: '只签了域名，缺少路径' },
    signWhole,
  ],
  index_file: [
    {
      en: 'The URL was signed as the server routes it, with or without "%"',
      zh: '签名的是服务器内部路由后的地址：多了或少了“%”',
    },
    signWhole,
  ],
  scheme: [
    {
      en: 'The URL was signed with the other scheme, http or https, or without one',
      zh: '签名的地址协议（http/https）不对，或缺少协议',
    },
    askProxy,
  ],
  host: [
    {
      en: 'The domain was signed with "%" where the page has none, or without it',
      zh: '签名的地址域名多了或少了“%”',
    },
    signMoment,
  ],
  port: [{ en: 'The URL was signed with another port', zh: '签名的地址端口不一致' }, askProxy],
  browser_form: [
    {
      en: 'The URL was signed as it was typed; the browser shows it otherwise',
      zh: '签名的是手写的地址，浏览器显示的形式与其不同',
    },
    signShown,
  ],
  upstream_host: [
    {
      en: 'The URL was signed with the address behind the proxy: "%"',
      zh: '签名的是反向代理背后的地址：“%”',
    },
    askProxy,
  ],
  fragment_kept: [
    { en: 'The URL was signed with its fragment: "%"', zh: '签名的地址带上了 # 及其后部分：“%”' },
    { en: 'Cut it: location.href.split("#")[0]', zh: '请去掉：location.href.split("#")[0]' },
  ],
  entity: [
    {
      en: 'The URL was signed with "&amp;" where it must have "&", or the other way round',
      zh: '签名的地址中“&”与“&amp;”写错：应与浏览器地址一致，为“&”',
    },
    {
      en: 'Do not escape the URL for HTML before it is signed; in a script a template must print it raw',
      zh: '签名前不要对地址做 HTML 转义；模板输出到脚本时应输出原文',
    },
  ],
  escape_case: [
    {
      en: 'The URL was signed with its percent-encoding in the other case, such as "%e4" for "%E4"',
      zh: '签名的地址中百分号编码的大小写不同，如“%e4”与“%E4”',
    },
    signShown,
  ],
  blank_escape: [
    {
      en: 'A blank in the query was signed as "+" where the page has "%20", or the other way round',
      zh: '签名的地址中空格写法不同：“+”与“%20”互换了',
    },
    signShown,
  ],
  url_encoded_once: [
    { en: 'The URL was percent-encoded before it was signed', zh: '签名前对地址做了 URL 编码' },
    {
      en: 'Sign the parameter as the server decoded it, encoded neither again nor as a part of a query',
      zh: '应对服务器解码后的参数签名，不要再次编码，也不要用生成查询字符串的函数拼接',
    },
  ],
  url_encoded_twice: [
    { en: 'The URL was percent-encoded twice before it was signed', zh: '签名前对地址做了两次 URL 编码' },
    {
      en: 'Encode it once, in the page, and sign what the server decoded',
      zh: '只在页面编码一次，服务器对解码后的地址签名',
    },
  ],
  url_decoded: [
    { en: 'The URL was decoded before it was signed', zh: '签名前对地址做了 URL 解码' },
    signShown,
  ],
  url_space: [
    {
      en: 'The URL was signed with a blank, a line end or quotes round it',
      zh: '签名的地址首尾多了空白、换行或引号',
    },
    { en: 'Cut what stands round the URL', zh: '请去掉地址首尾多余的字符' },
  ],
  access_token_as_ticket: [
    { en: 'The access_token was used as the ticket', zh: '把 access_token 当成了 jsapi_ticket' },
    useTicket,
  ],
  card_ticket: [
    { en: 'The ticket of cards (wx_card) was used', zh: '用了卡券的 ticket（wx_card）' },
    useTicket,
  ],
  ticket_missing: [
    {
      en: 'There was no ticket when the signature was made, but "%"',
      zh: '签名时没有取到 ticket，用的是“%”',
    },
    {
      en: 'Look at the answer of GET /cgi-bin/ticket/getticket, and wait for it',
      zh: '请检查 GET /cgi-bin/ticket/getticket 的返回，并等待其完成后再签名',
    },
  ],
  ticket_space: [
    {
      en: 'The ticket that was used has a blank, a line end or quotes round it',
      zh: '所用的 ticket 首尾多了空白、换行或引号',
    },
    { en: 'Cut what stands round the ticket where it is read', zh: '读取 ticket 时请去掉首尾多余的字符' },
  ],
  timestamp_milliseconds: [
    { en: 'The timestamp is in milliseconds: it must be seconds', zh: 'timestamp 用了毫秒，应为秒' },
    {
      en: 'Use Math.floor(Date.now() / 1000), the same number in the signature and in wx.config',
      zh: '用 Math.floor(Date.now() / 1000)，签名与 wx.config 使用同一个值',
    },
  ],
  timestamp_difference: [
    {
      en: 'The timestamp that was signed differs from the one that is handed over: by % s',
      zh: '参与签名的 timestamp 与传出的 timestamp 不同：相差 % 秒',
    },
    {
      en: 'Ask the clock once, and use the same number for both',
      zh: '只取一次时间，签名和传出使用同一个值',
    },
  ],
  nonce_case: [
    {
      en: 'The nonce was signed with letters in another case',
      zh: '参与签名的随机串大小写不同',
    },
    {
      en: 'Sign exactly the nonceStr that is handed over; do not change its letters',
      zh: '签名使用的 nonceStr 应与传出的完全一致，不要转换大小写',
    },
  ],
  parameter_name: [
    { en: 'A name in string1 is wrong: "%"', zh: 'string1 中的参数名写错：“%”' },
    {
      en: 'The names are jsapi_ticket, noncestr, timestamp and url; nonceStr has its capital in wx.config only',
      zh: '参数名为 jsapi_ticket、noncestr、timestamp、url；只有 wx.config 中才写 nonceStr',
    },
  ],
  values_encoded: [
    { en: 'The values were percent-encoded when they were joined', zh: '拼接时对各个值做了 URL 编码' },
    formatRight,
  ],
  parameter_order: [
    { en: 'The parameters were joined in another order: %', zh: '参数的拼接顺序不对：%' },
    formatRight,
  ],
  separator: [
    {
      en: 'The parameters were joined otherwise than with one "&" between them',
      zh: '参数之间没有用单个“&”连接，或末尾多了“&”',
    },
    formatRight,
  ],
  card_algorithm: [
    {
      en: 'Only the values were signed, sorted, as it is done for cards',
      zh: '用了卡券的签名算法：只对值排序后拼接',
    },
    formatRight,
  ],
} satisfies Readonly<Record<string, MistakeWords>>;

export type JssdkMistakeName = keyof typeof jssdkMistakeWords;
