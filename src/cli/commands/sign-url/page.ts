/** `sign-url --format html`: a page that calls wx.config and shows what it says. It holds no secret. */
import { jssdkErrorCauses } from '../../../core/jssdk/index.ts';
import type { Language } from '../../../core/text/text.ts';
import { formatScriptJson } from './formats.ts';
import type { SignedPage } from './sign-url.ts';

/** Both hosts of the official page; the second one is for when the first cannot be reached. */
const scripts = [
  'https://res.wx.qq.com/open/js/jweixin-1.6.0.js',
  'https://res2.wx.qq.com/open/js/jweixin-1.6.0.js',
];

/** One self-contained document. Every sentence stands in both languages, the preferred one first. */
export function formatTestPage({ url, ...config }: SignedPage, language: Language): string {
  const data = {
    config: { debug: false, ...config },
    url,
    scripts,
    causes: jssdkErrorCauses,
    texts,
    language,
  };
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>wx.config</title>
<style>
body { max-width: 40em; margin: 2em auto; padding: 0 1em; font: 16px/1.5 system-ui, sans-serif; color: #222; background: #fff; }
dt { margin-top: 1em; color: #666; }
dd { margin: 0; overflow-wrap: anywhere; font-family: ui-monospace, monospace; }
p { white-space: pre-line; padding: .75em 1em; border-left: 4px solid #999; background: #f4f4f4; overflow-wrap: anywhere; }
p.good { border-color: #07a24b; }
p.bad { border-color: #d43a2f; }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #161616; } p { background: #222; } dt { color: #999; } }
</style>
</head>
<body>
<h1>wx.config</h1>
<dl>
<dt>location.href.split('#')[0]</dt><dd id="here"></dd>
<dt id="signed-label"></dt><dd id="signed"></dd>
</dl>
<p id="same"></p>
<p id="result" role="status"></p>
<p id="calls" hidden></p>
<p id="tags" hidden></p>
<noscript>JavaScript is off · 未启用 JavaScript</noscript>
<script>
(${pageScript})(${formatScriptJson(data)});
</script>
</body>
</html>
`;
}

/** Sentences of the page. "%" is what comes from the browser. */
const texts = {
  signed: { en: 'Signed URL', zh: '已签名的地址' },
  same: { en: 'The page is at the URL that was signed', zh: '当前地址与签名的地址一致' },
  other: {
    en: 'The page is not at the URL that was signed, so the signature cannot fit. From here on this page and the signed URL differ:\n%',
    zh: '当前地址与签名的地址不一致，签名不会通过。以下依次为当前地址与签名的地址，从此处开始不同：\n%',
  },
  loading: { en: 'Loading the script of WeChat …', zh: '正在加载微信 JS 文件……' },
  unloaded: {
    en: 'The script of WeChat cannot be loaded, from either host',
    zh: '两个地址都无法加载微信 JS 文件',
  },
  waiting: {
    en: 'wx.config has been called, WeChat has not answered yet',
    zh: '已调用 wx.config，等待微信返回',
  },
  outside: {
    en: 'This browser is not WeChat: wx.config answers only there',
    zh: '当前不是微信浏览器：wx.config 只在微信中有结果',
  },
  ready: { en: 'wx.config passed (config:ok)', zh: 'wx.config 校验通过（config:ok）' },
  failed: { en: 'wx.config failed: %', zh: 'wx.config 校验失败：%' },
  unknown: { en: 'This answer is not among the known ones', zh: '不是已知的错误信息' },
  tags: { en: 'Open tags cannot be used: %', zh: '无法使用开放标签：%' },
  calls: { en: 'Calls that this WeChat app has: %', zh: '当前微信支持的接口：%' },
};

/**
 * Runs in the page, as old browsers read it.
 * Quirk: `wx.ready` runs after a failure too, so an error that has come stays.
 */
const pageScript = `function (data) {
  var failed = false;
  function both(text, detail) {
    var order = data.language === 'zh' ? ['zh', 'en'] : ['en', 'zh'];
    return order.map(function (language) {
      return text[language].split('%').join(detail === undefined ? '' : detail);
    }).join('\\n');
  }
  function show(id, text, kind) {
    var element = document.getElementById(id);
    element.textContent = text;
    element.className = kind || '';
    element.hidden = false;
  }
  function explain(message) {
    var small = message.toLowerCase();
    for (var i = 0; i < data.causes.length; i += 1) {
      for (var j = 0; j < data.causes[i].patterns.length; j += 1) {
        if (small.indexOf(data.causes[i].patterns[j]) !== -1) return both(data.causes[i].text);
      }
    }
    return both(data.texts.unknown);
  }
  function compare(here) {
    if (here === data.url) return show('same', both(data.texts.same), 'good');
    var at = 0;
    while (at < here.length && here.charAt(at) === data.url.charAt(at)) at += 1;
    var from = Math.max(0, at - 12);
    var lines = '… ' + here.slice(from) + '\\n… ' + data.url.slice(from);
    show('same', both(data.texts.other, lines), 'bad');
  }
  function configure() {
    show('result', both(/MicroMessenger/i.test(navigator.userAgent) ? data.texts.waiting : data.texts.outside));
    // Fired on the document, and by nothing else: wx.error stays silent about tags.
    document.addEventListener('WeixinOpenTagsError', function (event) {
      show('tags', both(data.texts.tags, String(event.detail && event.detail.errMsg)), 'bad');
    });
    wx.config(data.config);
    wx.error(function (answer) {
      failed = true;
      var message = String((answer && answer.errMsg) || JSON.stringify(answer));
      show('result', both(data.texts.failed, message) + '\\n\\n' + explain(message), 'bad');
    });
    wx.ready(function () {
      if (failed) return;
      show('result', both(data.texts.ready), 'good');
      if (data.config.jsApiList.length === 0) return;
      wx.checkJsApi({
        jsApiList: data.config.jsApiList,
        success: function (answer) {
          show('calls', both(data.texts.calls, JSON.stringify(answer.checkResult)));
        }
      });
    });
  }
  function load(index) {
    if (index === data.scripts.length) return show('result', both(data.texts.unloaded), 'bad');
    var script = document.createElement('script');
    script.src = data.scripts[index];
    script.onload = configure;
    script.onerror = function () { load(index + 1); };
    document.head.appendChild(script);
  }
  var here = location.href.split('#')[0];
  show('here', here);
  show('signed-label', both(data.texts.signed).split('\\n').join(' · '));
  show('signed', data.url);
  compare(here);
  show('result', both(data.texts.loading));
  load(0);
}`;
