/** Opens a page and says whether its `wx.config` passes, and if not which mistake it is. */
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Text } from '../../../core/text/text.ts';
import type { JssdkVerdict } from '../../control/types/index.ts';
import { failureText, postControl } from '../control.ts';
import { Box, Hint } from '../parts/box.tsx';
import { Code, Pairs } from '../parts/code.tsx';
import { Form, LineForm, type Values } from '../parts/form.tsx';
import { attempt } from '../parts/notice.ts';
import { say } from '../words.ts';
import { isConfigCalled, type ConfigCalled, type ConfigJudged } from './protocol.ts';

/** A page that has not called `wx.config` by then probably never will. */
const patienceMs = 8000;

interface OpenPage {
  readonly frame: string;
  readonly address: string;
}

interface Judgement {
  readonly config: Readonly<Record<string, unknown>>;
  readonly url: string;
  readonly verdict: JssdkVerdict | null;
  /** Why there is no verdict. */
  readonly failure: Text | null;
}

const page = signal<OpenPage | null>(null);
const outcome = signal<Judgement | null>(null);
const isLate = signal(false);

export function JssdkCheck() {
  // The one of the page that is open when the panel is; what is typed later stays.
  const [address] = useState(() => page.peek()?.address ?? '');
  return (
    <div class="jssdk">
      <Box
        id="jssdk"
        title={{ en: 'JS-SDK check', zh: 'JS-SDK 校验' }}
        hint={{
          en: 'The simulator opens your page with its own jweixin script and checks what the page passes to wx.config',
          zh: '模拟器会用自带的 jweixin 脚本打开你的页面，并校验它传给 wx.config 的参数',
        }}
      >
        <LineForm
          id="jssdk-address"
          field={{
            name: 'address',
            label: { en: 'Page address', zh: '页面地址' },
            kind: 'url',
            required: true,
            placeholder: 'http://localhost:3000/page?from=menu',
            value: address,
          }}
          submit={open}
        >
          <button type="submit" class="primary">
            {say({ en: 'Open', zh: '打开' })}
          </button>
        </LineForm>
        <div role="status">
          <Outcome />
        </div>
      </Box>
      {page.value !== null && <Frame key={page.value.frame} page={page.value} />}
      <ByHand />
    </div>
  );
}

async function open(address: string): Promise<void> {
  page.value = null;
  outcome.value = null;
  isLate.value = false;
  await attempt(async () => {
    const { url } = await postControl<{ readonly url: string }>('jssdk/page', { url: address });
    page.value = { frame: url, address };
  });
}

function Frame({ page: { frame, address } }: { page: OpenPage }) {
  const element = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => (isLate.value = outcome.value === null), patienceMs);
    const listen = ({ source, origin, data }: MessageEvent<unknown>): void => {
      if (source !== element.current?.contentWindow || origin !== new URL(frame).origin) return;
      if (isConfigCalled(data)) void judge(data, address, source as Window, origin);
    };
    addEventListener('message', listen);
    return () => {
      clearTimeout(timer);
      removeEventListener('message', listen);
    };
  }, [frame, address]);
  return (
    <iframe
      ref={element}
      class="jssdk-frame"
      src={frame}
      title={say({ en: 'The page under test', zh: '被校验的页面' })}
      sandbox="allow-scripts allow-same-origin allow-forms"
    />
  );
}

async function judge(called: ConfigCalled, address: string, window: Window, origin: string): Promise<void> {
  const judgement = await judgePage(called, address);
  outcome.value = judgement;
  isLate.value = false;
  const answer: ConfigJudged = {
    source: 'wechat-mp-simulator',
    ok: judgement.verdict?.ok ?? false,
    errMsg: judgement.verdict?.err_msg ?? 'config:fail',
  };
  window.postMessage(answer, origin);
}

/**
 * A page in the check has two addresses: the one in its frame, which `location.href` says, and its own, which its server
 * knows. A signature for either is right; of two refusals the one that names a mistake tells more.
 */
async function judgePage({ config, url }: ConfigCalled, address: string): Promise<Judgement> {
  const own = `${new URL(address).origin}${url.slice(new URL(url).origin.length)}`;
  const forFrame = await judgeFor(config, url);
  if (forFrame.verdict?.ok === true) return forFrame;
  const forOwn = await judgeFor(config, own);
  if (forOwn.verdict?.ok === true || forOwn.verdict?.mistake !== null) return forOwn;
  return forFrame.verdict?.mistake === null ? forOwn : forFrame;
}

async function judgeFor(config: Readonly<Record<string, unknown>>, url: string): Promise<Judgement> {
  const { appId, timestamp, nonceStr, signature } = config;
  try {
    const call = { appId, timestamp, nonceStr, signature, url };
    return { config, url, verdict: await postControl<JssdkVerdict>('jssdk', call), failure: null };
  } catch (error) {
    return { config, url, verdict: null, failure: failureText(error) };
  }
}

function Outcome() {
  const judged = outcome.value;
  if (judged === null) {
    if (page.value === null) return null;
    return isLate.value ? (
      <div class="explained bad">
        <p>{say({ en: 'The page has not called wx.config', zh: '页面没有调用 wx.config' })}</p>
        <Hint
          text={{
            en: "Check that it loads jweixin with a <script src>, and look for errors in the browser's console",
            zh: '请确认页面用 <script src> 引入了 jweixin，并查看浏览器控制台中的错误',
          }}
        />
      </div>
    ) : (
      <Hint text={{ en: 'Waiting for wx.config…', zh: '等待页面调用 wx.config…' }} />
    );
  }
  return (
    <>
      <Verdict verdict={judged.verdict} failure={judged.failure} />
      <Pairs label={say({ en: 'Passed by the page', zh: '页面传入的参数' })} pairs={judged.config} />
      <Pairs
        label={say({ en: 'Checked for this address', zh: '校验所用的地址' })}
        pairs={{ url: judged.url }}
      />
    </>
  );
}

function Verdict({ verdict, failure }: Pick<Judgement, 'verdict' | 'failure'>) {
  if (verdict === null) return <p class="explained bad">{failure === null ? '' : say(failure)}</p>;
  return (
    <div class={`explained ${verdict.ok ? 'good' : 'bad'}`} data-mistake={verdict.mistake ?? ''}>
      <p>
        <strong class="mono">{verdict.err_msg}</strong> {say(verdict.text)}
      </p>
      {verdict.hint !== null && <Hint text={verdict.hint} />}
      {verdict.string1 !== null && <Code label="string1" value={verdict.string1} />}
    </div>
  );
}

const byHand = signal<Pick<Judgement, 'verdict' | 'failure'> | null>(null);

/** For a page that cannot be opened here: what it hands over, typed in. */
function ByHand() {
  const names = ['appId', 'timestamp', 'nonceStr', 'signature', 'url'] as const;
  const submit = async (values: Values): Promise<void> => {
    const call = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, text.trim()]));
    try {
      byHand.value = { verdict: await postControl<JssdkVerdict>('jssdk', call), failure: null };
    } catch (error) {
      byHand.value = { verdict: null, failure: failureText(error) };
    }
  };
  return (
    <details class="card-box">
      <summary>{say({ en: 'Check values by hand', zh: '手动输入参数校验' })}</summary>
      <Form submit={submit} action={{ en: 'Check', zh: '校验' }}>
        {names.map((name) => (
          <div class="field" key={name}>
            <label for={`hand-${name}`} class="mono">
              {name}
            </label>
            <input id={`hand-${name}`} name={name} type="text" class="mono" required autocomplete="off" />
          </div>
        ))}
      </Form>
      <div role="status">{byHand.value !== null && <Verdict {...byHand.value} />}</div>
    </details>
  );
}
