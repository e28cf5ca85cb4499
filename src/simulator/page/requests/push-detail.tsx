/** One push: the message, plain and as it was sent, the signatures step by step, every attempt, and what came back. */
import { useState } from 'preact/hooks';
import type { Text } from '../../../core/text/text.ts';
import type { ProblemView, PushAttempt, PushView, SignatureSteps } from '../../control/types/index.ts';
import { postControl, readControl } from '../control.ts';
import { followers } from '../live.ts';
import { Button } from '../parts/box.tsx';
import { Code, copyText, Pairs } from '../parts/code.tsx';
import { showSecrets, Tick } from '../parts/form.tsx';
import { useRead } from '../parts/read.ts';
import { openEntry } from '../panels.ts';
import { say, timeOfDay } from '../words.ts';
import { formatCurl } from './curl.ts';

export function PushDetail({ push }: { push: PushView }) {
  const [secrets, setSecrets] = useState(false);
  const opened = useRead(
    () => (secrets ? readControl<PushView>(`pushes/${push.id}?secrets=show`) : null),
    [push, secrets],
  );
  const view = opened ?? push;
  const last = view.attempts.at(-1);
  return (
    <>
      <div class="actions">
        <Button
          text={{ en: 'Send again', zh: '重新推送' }}
          disabled={push.state === 'sending'}
          act={() => sendAgain(push)}
        />
        <Button
          text={{ en: 'Copy as curl', zh: '复制为 curl' }}
          disabled={last === undefined}
          act={() => last !== undefined && void copyText(formatCurl(last))}
        />
        <Tick text={showSecrets} isOn={secrets} set={setSecrets} />
      </div>
      <Verdict push={view} />
      <Sent push={view} last={last} />
      {view.attempts.map((entry, index) => (
        <Attempt key={index} entry={entry} number={index + 1} count={view.attempts.length} />
      ))}
      {view.reply_text !== null && view.reply_text !== '' && (
        <Code
          label={
            view.reply_encrypted
              ? say({ en: 'Reply, decrypted', zh: '回复（解密后）' })
              : say({ en: 'Reply', zh: '回复' })
          }
          value={view.reply_text}
        />
      )}
    </>
  );
}

const sees: Readonly<Record<PushView['user_sees'], Text>> = {
  reply: { en: 'The person sees the reply', zh: '用户看到了回复' },
  nothing: { en: 'The person sees nothing', zh: '用户看不到任何内容' },
  unavailable: {
    en: 'The person sees “该公众号提供的服务出现故障，请稍后再试”',
    zh: '用户看到“该公众号提供的服务出现故障，请稍后再试”',
  },
};

function Verdict({ push }: { push: PushView }) {
  const who = followers.value.find(({ openid }) => openid === push.openid)?.nickname ?? push.openid;
  return (
    <div class={`explained ${push.user_sees === 'unavailable' || push.valid === false ? 'bad' : 'good'}`}>
      <p>
        <strong>
          {push.state === 'sending' ? say({ en: 'Waiting', zh: '等待中' }) : say(sees[push.user_sees])}
        </strong>
        <span class="hint"> {who}</span>
      </p>
      {push.skipped !== null && <p>{say(skips[push.skipped])}</p>}
      {push.problems.map((problem) => (
        <Problem key={problem.rule + (problem.field ?? '')} problem={problem} />
      ))}
    </div>
  );
}

const skips: Readonly<Record<NonNullable<PushView['skipped']>, Text>> = {
  no_server: {
    en: 'Not sent: no server is set, see Settings',
    zh: '未推送：尚未设置服务器，请查看“配置”',
  },
  paused: {
    en: 'Not sent: the platform pauses for a minute after repeated failures',
    zh: '未推送：连续失败后，平台会暂停推送一分钟',
  },
  interrupted: {
    en: 'Not sent: the simulator was reset or stopped',
    zh: '未推送：模拟器已恢复初始状态或停止',
  },
};

function Problem({ problem }: { problem: ProblemView }) {
  return (
    <p>
      {say(problem.text)}
      {problem.hint !== null && <span class="hint">{` ${say(problem.hint)}`}</span>}
    </p>
  );
}

/** In safe mode what was sent stands beside what it means. */
function Sent({ push, last }: { push: PushView; last: PushAttempt | undefined }) {
  const plainLabel = say({ en: 'Message in plain text', zh: '消息（明文）' });
  const sentLabel = say({ en: 'As sent', zh: '实际发送内容' });
  if (last === undefined || push.mode === 'plain') return <Code label={plainLabel} value={push.plain} />;
  return (
    <div class="columns">
      <Code label={plainLabel} value={push.plain} />
      <Code
        label={`${sentLabel} – ${push.mode === 'safe' ? say({ en: 'safe mode', zh: '安全模式' }) : say({ en: 'compatible mode', zh: '兼容模式' })}`}
        value={last.body}
      />
    </div>
  );
}

function Attempt({ entry, number, count }: { entry: PushAttempt; number: number; count: number }) {
  const result =
    entry.response === null ? say({ en: 'no response', zh: '无响应' }) : `HTTP ${entry.response.status}`;
  return (
    <details class="attempt" open={number === count}>
      <summary>
        {say({ en: `Attempt ${number}`, zh: `第 ${number} 次推送` })}
        <span class="hint">{` ${timeOfDay(entry.at)} · ${Math.round(entry.ms)} ms · ${result}`}</span>
      </summary>
      {entry.failure !== null && (
        <div class="explained bad">
          <Problem problem={entry.failure} />
        </div>
      )}
      <Code label="URL" value={`POST ${entry.url}`} />
      {entry.signatures.map((steps) => (
        <Signature key={steps.name} steps={steps} />
      ))}
      <div class="columns">
        <Pairs label={say({ en: 'Request headers', zh: '请求头' })} pairs={entry.headers} />
        {entry.response !== null && (
          <div>
            <Pairs label={say({ en: 'Response headers', zh: '响应头' })} pairs={entry.response.headers} />
            <Code label={say({ en: 'Response body', zh: '响应体' })} value={entry.response.body} />
          </div>
        )}
      </div>
    </details>
  );
}

/** How the developer can compute the same. */
function Signature({ steps }: { steps: SignatureSteps }) {
  return (
    <figure class="code steps">
      <figcaption>{say({ en: `How ${steps.name} is computed`, zh: `${steps.name} 的计算步骤` })}</figcaption>
      <ol>
        <li>
          {say({ en: 'Sort by bytes', zh: '按字节序排序' })}
          <dl class="pairs">
            {steps.sorted.map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </li>
        <li>
          {say({ en: 'Join', zh: '拼接' })} <code>{steps.joined}</code>
        </li>
        <li>
          SHA-1 <code>{steps.sha1}</code>
        </li>
      </ol>
    </figure>
  );
}

async function sendAgain({ id }: PushView): Promise<void> {
  const again = await postControl<PushView>(`pushes/${id}/again`, { wait: false });
  openEntry.value = `push-${again.id}`;
}
