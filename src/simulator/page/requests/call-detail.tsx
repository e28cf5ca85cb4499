/** One call of the API: what was sent, what was answered, and how to do it again. */
import { useState } from 'preact/hooks';
import type { RequestDetail, RequestRecord } from '../../control/types/index.ts';
import { postControl, readControl } from '../control.ts';
import { Button } from '../parts/box.tsx';
import { Code, copyText, Pairs } from '../parts/code.tsx';
import { Explained } from '../parts/explained.tsx';
import { showSecrets, Tick } from '../parts/form.tsx';
import { notify } from '../parts/notice.ts';
import { useRead } from '../parts/read.ts';
import { say } from '../words.ts';

export function CallDetail({ call }: { call: RequestRecord }) {
  const [secrets, setSecrets] = useState(false);
  const address = `requests/${call.id}${secrets ? '?secrets=show' : ''}`;
  const detail = useRead(() => readControl<RequestDetail>(address), [address]);
  return (
    <>
      <div class="actions">
        <Button
          text={{ en: 'Send again', zh: '重新发送' }}
          disabled={detail?.repeatable !== true}
          act={() => sendAgain(call)}
        />
        <Button
          text={{ en: 'Copy as curl', zh: '复制为 curl' }}
          disabled={detail === null}
          act={() => copyCurl(call)}
        />
        <Tick text={showSecrets} isOn={secrets} set={setSecrets} />
      </div>
      {detail !== null && detail.explanation !== null && (
        <Explained errcode={detail.errcode} explanation={detail.explanation} />
      )}
      <div class="columns">
        <section>
          <h3>{say({ en: 'Request', zh: '请求' })}</h3>
          {detail !== null && <Code label="URL" value={`${detail.method} ${detail.url}`} />}
          <Pairs label={say({ en: 'Query', zh: '查询参数' })} pairs={detail?.query ?? call.query} />
          <Code label={say({ en: 'Body', zh: '请求体' })} value={detail?.body ?? call.body} />
          <Pairs label={say({ en: 'Headers', zh: '请求头' })} pairs={detail?.request_headers ?? {}} />
        </section>
        <section>
          <h3>{say({ en: 'Answer', zh: '响应' })}</h3>
          <Pairs
            label={say({ en: 'Result', zh: '结果' })}
            pairs={{ status: call.status, errcode: call.errcode }}
          />
          <Code label={say({ en: 'Body', zh: '响应体' })} value={detail?.response ?? call.response} />
          <Pairs label={say({ en: 'Headers', zh: '响应头' })} pairs={detail?.response_headers ?? {}} />
        </section>
      </div>
    </>
  );
}

async function sendAgain({ id }: RequestRecord): Promise<void> {
  await postControl(`requests/${id}/again`, { fresh_token: true });
  notify({ en: 'Sent again with a fresh access_token', zh: '已使用新的 access_token 重新发送' });
}

/** A line that can be run has to have its secrets. */
async function copyCurl({ id }: RequestRecord): Promise<void> {
  const { curl } = await readControl<RequestDetail>(`requests/${id}?secrets=show`);
  await copyText(curl);
}
