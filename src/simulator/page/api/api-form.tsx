/** 接口调试: any call of the catalogue, with its token filled in and its errcode explained. */
import { computed, signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ApiAnswer, CatalogueEntry } from '../../console-types.ts';
import { postControl, readControl } from '../control.ts';
import { Code } from '../parts/code.tsx';
import { Explained } from '../parts/explained.tsx';
import { readForm } from '../parts/form.ts';
import { attempt } from '../parts/notice.ts';
import { state } from '../live.ts';
import { say } from '../words.ts';
import { explainParameter } from './parameters.ts';

const catalogue = signal<readonly CatalogueEntry[]>([]);
const search = signal('');
const withUnsimulated = signal(false);
const chosen = signal<string>('menu.get');
const answer = signal<ApiAnswer | null>(null);
const isSending = signal(false);

const matching = computed(() => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  return catalogue.value.filter((entry) => {
    if (!entry.simulated && !withUnsimulated.value) return false;
    const text = `${entry.name} ${entry.path} ${entry.title.en} ${entry.title.zh}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
});

const entry = computed(
  () => matching.value.find(({ name }) => name === chosen.value) ?? matching.value[0] ?? null,
);

export function ApiForm(): ComponentChild {
  useEffect(() => {
    if (catalogue.value.length > 0) return;
    void attempt(async () => (catalogue.value = await readControl<readonly CatalogueEntry[]>('catalogue')));
  }, []);
  return (
    <div class="api">
      <Chooser />
      {catalogue.value.length === 0 ? null : entry.value === null ? (
        <p class="nothing">{say({ en: 'No call matches', zh: '没有符合条件的接口' })}</p>
      ) : (
        <CallForm key={entry.value.name} entry={entry.value} />
      )}
      <div role="status">{answer.value !== null && <Answer answer={answer.value} />}</div>
    </div>
  );
}

function Chooser(): ComponentChild {
  const groups = [...new Set(matching.value.map(({ group }) => group))];
  return (
    <div class="chooser">
      <div class="field">
        <label for="api-search">{say({ en: 'Search', zh: '搜索' })}</label>
        <input
          id="api-search"
          type="search"
          placeholder={say({ en: 'menu, ticket, user …', zh: '菜单、ticket、user…' })}
          value={search.value}
          onInput={(event) => (search.value = event.currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for="api-call">
          {say({ en: `Call (${matching.value.length})`, zh: `接口（${matching.value.length}）` })}
        </label>
        <select
          id="api-call"
          value={entry.value?.name ?? ''}
          onChange={(event) => {
            chosen.value = event.currentTarget.value;
            answer.value = null;
          }}
        >
          {groups.map((group) => (
            <optgroup key={group} label={group}>
              {matching.value
                .filter((each) => each.group === group)
                .map((each) => (
                  <option key={each.name} value={each.name} selected={each.name === entry.value?.name}>
                    {say(each.title)} – {each.path}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={withUnsimulated.value}
          onChange={() => (withUnsimulated.value = !withUnsimulated.value)}
        />
        {say({ en: 'Also calls that the simulator does not have', zh: '同时列出模拟器未实现的接口' })}
      </label>
    </div>
  );
}

function CallForm({
  entry: { method, path, title, query, ...rest },
}: {
  entry: CatalogueEntry;
}): ComponentChild {
  const parameters = query.filter((name) => name !== 'access_token');
  const submit = (event: SubmitEvent): void => {
    void sendCall({ method, path, title, query, ...rest }, readForm(event));
  };
  return (
    <form class="card-box" onSubmit={submit}>
      <h2>{say(title)}</h2>
      <p class="mono wrap">
        <span class="tag tag-call">{method}</span> {path}
      </p>
      <p class="hint">
        {rest.needs_token
          ? say({ en: 'access_token is filled in', zh: 'access_token 自动填入' })
          : say({ en: 'Needs no access_token', zh: '不需要 access_token' })}
        {rest.daily_quota !== null &&
          say({ en: ` · ${rest.daily_quota} calls a day`, zh: ` · 每日 ${rest.daily_quota} 次` })}
        {!rest.simulated && say({ en: ' · the simulator does not have it', zh: ' · 模拟器未实现' })}
        {rest.doc !== null && (
          <>
            {' · '}
            <a href={rest.doc} target="_blank" rel="noopener noreferrer">
              {say({ en: 'Official page', zh: '官方文档' })}
            </a>
          </>
        )}
      </p>
      {parameters.map((name) => (
        <Parameter key={name} name={name} />
      ))}
      {rest.body === 'json' && <BodyField example={rest.body_example} />}
      {rest.body === 'multipart' && (
        <p class="hint">
          {say({
            en: 'This call uploads a file: send it with wechat-mp api or your client',
            zh: '该接口需要上传文件：请使用 wechat-mp api 或你的客户端调用',
          })}
        </p>
      )}
      <div class="actions">
        <button type="submit" class="primary" disabled={isSending.value || rest.body === 'multipart'}>
          {say({ en: 'Send', zh: '发送' })}
        </button>
      </div>
    </form>
  );
}

function Parameter({ name: parameter }: { name: string }): ComponentChild {
  const [name = '', fixed] = parameter.split('=', 2);
  const explanation = explainParameter(name);
  const id = `parameter-${name}`;
  return (
    <div class="field">
      <label for={id} class="mono">
        {name}
      </label>
      <input
        id={id}
        type="text"
        name={`query:${name}`}
        defaultValue={fixed ?? preset(name)}
        readOnly={fixed !== undefined}
        autocomplete="off"
        aria-describedby={explanation === undefined ? undefined : `${id}-hint`}
      />
      {explanation !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {say(explanation)}
        </p>
      )}
    </div>
  );
}

function preset(name: string): string {
  const presets: Readonly<Record<string, string | undefined>> = {
    appid: state.value?.account.appid,
    grant_type: 'client_credential',
    type: 'jsapi',
    lang: 'zh_CN',
  };
  return presets[name] ?? '';
}

function BodyField({ example }: { example: unknown }): ComponentChild {
  const names = namesIn(example);
  return (
    <div class="field">
      <label for="api-body">{say({ en: 'Body (JSON)', zh: '请求体（JSON）' })}</label>
      <textarea
        id="api-body"
        class="mono"
        name="body"
        rows={8}
        spellcheck={false}
        defaultValue={JSON.stringify(example ?? {}, null, 2)}
      />
      <dl class="explanations">
        {names.map((name) => {
          const explanation = explainParameter(name);
          return (
            explanation !== undefined && (
              <div key={name}>
                <dt class="mono">{name}</dt>
                <dd>{say(explanation)}</dd>
              </div>
            )
          );
        })}
      </dl>
    </div>
  );
}

/** Every name of a member at any depth, each once. */
function namesIn(value: unknown): readonly string[] {
  const names = new Set<string>();
  JSON.stringify(value, (name, member: unknown) => {
    if (name !== '' && !/^\d+$/.test(name)) names.add(name);
    return member;
  });
  return [...names];
}

async function sendCall(call: CatalogueEntry, form: Readonly<Record<string, string>>): Promise<void> {
  const prefix = 'query:';
  const query = Object.entries(form)
    .filter(([name, text]) => name.startsWith(prefix) && text !== '')
    .map(([name, text]) => [name.slice(prefix.length), text]);
  const isPost = call.method.toUpperCase() === 'POST';
  isSending.value = true;
  await attempt(async () => {
    answer.value = await postControl<ApiAnswer>('call', {
      method: isPost ? 'POST' : 'GET',
      path: call.path,
      query: Object.fromEntries(query),
      token: call.needs_token,
      ...(isPost && { body: form['body'] ?? '{}' }),
    });
  });
  isSending.value = false;
}

function Answer({ answer: { status, body, errcode, explanation } }: { answer: ApiAnswer }): ComponentChild {
  const isPicture = typeof body === 'string' && body.startsWith('data:image/');
  return (
    <section class="card-box answer" aria-label={say({ en: 'Answer', zh: '响应' })}>
      <h2>
        {say({ en: 'Answer', zh: '响应' })}
        <span class={`verdict ${errcode === null || errcode === 0 ? 'verdict-good' : 'verdict-bad'}`}>
          {status === null ? say({ en: 'dropped', zh: '已断开' }) : status}
          {errcode !== null && ` · errcode ${errcode}`}
        </span>
      </h2>
      {explanation !== null && <Explained errcode={errcode} explanation={explanation} />}
      {isPicture ? (
        <img class="picture" src={body} alt={say({ en: 'The picture in the answer', zh: '响应中的图片' })} />
      ) : (
        <Code label={say({ en: 'Body', zh: '响应体' })} value={body} />
      )}
    </section>
  );
}
