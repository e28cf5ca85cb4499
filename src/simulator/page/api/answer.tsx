/** What a call was answered, with its errcode explained. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ApiAnswer } from '../../control/types/index.ts';
import { Code } from '../parts/code.tsx';
import { Explained } from '../parts/explained.tsx';
import { hasCallFailed } from '../requests/index.tsx';
import { say } from '../words.ts';

export function Answer({ answer }: { answer: ApiAnswer }) {
  const { request, status, body, errcode, explanation } = answer;
  const section = useRef<HTMLElement>(null);
  // The form may fill the window; what came back is what is waited for.
  useLayoutEffect(() => section.current?.scrollIntoView({ block: 'nearest' }), [request.id]);
  return (
    <section ref={section} class="card-box answer" aria-label={say({ en: 'Answer', zh: '响应' })}>
      <h2>
        {say({ en: 'Answer', zh: '响应' })}
        <span class={`verdict ${hasCallFailed(request) ? 'verdict-bad' : 'verdict-good'}`}>
          {status === null ? say({ en: 'dropped', zh: '已断开' }) : status}
          {errcode !== null && ` · errcode ${errcode}`}
        </span>
        {(request.note === 'fault' || request.note === 'dropped') && (
          <span class="badge">{say({ en: 'injected fault', zh: '注入的故障' })}</span>
        )}
      </h2>
      {explanation !== null && <Explained errcode={errcode} explanation={explanation} />}
      <Content body={body} />
    </section>
  );
}

/** A picture, a sound or a film is shown as one. */
function Content({ body }: { body: unknown }) {
  const kind = typeof body === 'string' ? /^data:(image|audio|video)\//.exec(body)?.[1] : undefined;
  const label = say({ en: 'The file in the answer', zh: '响应中的文件' });
  if (kind === 'image') return <img class="picture" src={body as string} alt={label} />;
  if (kind === 'audio') return <audio controls src={body as string} aria-label={label} />;
  if (kind === 'video') return <video class="picture" controls src={body as string} aria-label={label} />;
  return <Code label={say({ en: 'Body', zh: '响应体' })} value={body} />;
}
