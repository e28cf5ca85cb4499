/**
 * Stands in for `https://res.wx.qq.com/open/js/jweixin-1.6.0.js` on a developer's page. `wx.config` is judged by the
 * simulator whose page shows this one; other calls say that they are not simulated, never that they have worked.
 */
import { isConfigJudged, type ConfigCalled, type ConfigJudged } from './protocol.ts';

type Callback = (result: { readonly errMsg: string; readonly [key: string]: unknown }) => void;

interface CallOptions {
  readonly success?: Callback;
  readonly fail?: Callback;
  readonly complete?: Callback;
  readonly jsApiList?: readonly string[];
}

const judges: readonly Window[] = [window.parent, window.opener as Window | null].filter(
  (other): other is Window => other !== null && other !== window,
);

let verdict: ConfigJudged | undefined;
let allowed: readonly string[] = [];
const readyListeners: (() => void)[] = [];
let errorListener: Callback | undefined;

addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
  if (!judges.includes(source as Window) || !isConfigJudged(data)) return;
  verdict = data;
  if (data.ok) for (const listener of readyListeners.splice(0)) listener();
  else errorListener?.({ errMsg: data.errMsg });
});

const own = {
  config(config: Readonly<Record<string, unknown>>): void {
    allowed = Array.isArray(config['jsApiList']) ? config['jsApiList'].map(String) : [];
    const called: ConfigCalled = {
      source: 'wechat-mp-jweixin',
      config: JSON.parse(JSON.stringify(config)) as Record<string, unknown>,
      url: location.href,
    };
    for (const judge of judges) judge.postMessage(called, '*');
  },
  ready(listener: () => void): void {
    if (verdict?.ok === true) listener();
    else readyListeners.push(listener);
  },
  error(listener: Callback): void {
    errorListener = listener;
    if (verdict?.ok === false) listener({ errMsg: verdict.errMsg });
  },
  checkJsApi(options: CallOptions): void {
    const checkResult = Object.fromEntries(
      (options.jsApiList ?? []).map((name) => [name, allowed.includes(name)]),
    );
    finish(options, 'success', { errMsg: 'checkJsApi:ok', checkResult });
  },
};

function finish(options: CallOptions, outcome: 'success' | 'fail', result: Parameters<Callback>[0]): void {
  setTimeout(() => {
    options[outcome]?.(result);
    options.complete?.(result);
  });
}

function notSimulated(name: string): (options?: CallOptions) => void {
  return (options = {}) => {
    const reason =
      verdict?.ok === true && allowed.includes(name)
        ? 'fail, the simulator does not have it'
        : 'the permission value is offline verifying';
    finish(options, 'fail', { errMsg: `${name}:${reason}` });
  };
}

const wx = new Proxy(own, {
  get: (target, name) =>
    typeof name === 'symbol' || Object.hasOwn(target, name) ? Reflect.get(target, name) : notSimulated(name),
});
Object.assign(window, { wx, jWeixin: wx });
