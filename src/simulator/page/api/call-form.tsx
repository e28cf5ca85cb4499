/** The form of one call: its parameters, its body or its file. */
import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Text } from '../../../core/text/text.ts';
import type { ApiAnswer, CatalogueEntry, FormUpload, TemplatesView } from '../../control/types/index.ts';
import { chosenAccount, postControl, postForm, readControl } from '../control.ts';
import { clock, followers, person, requests, state, takeOwnRequest } from '../live.ts';
import { readForm } from '../parts/form.tsx';
import { attempt } from '../parts/notice.ts';
import { say } from '../words.ts';
import { explainParameter } from './parameters.ts';
import { prefillBody, prefillParameter, secretPlaceholder, type Known } from './prefill.ts';

const isSending = signal(false);

export function CallForm({
  entry,
  templates,
  onAnswer,
}: {
  entry: CatalogueEntry;
  templates: TemplatesView | null;
  onAnswer: (answer: ApiAnswer, entry: CatalogueEntry) => void;
}) {
  // What is known when the form opens: a text that somebody is writing must not change under their hands.
  const known = useMemo(() => knownNow(templates), [templates]);
  const { method, path, body, fills, upload } = entry;
  const parameters = entry.query.filter((name) => name !== 'access_token');
  const example = entry.body_example;
  const filled = prefillBody(fills, example, known);
  const usesSecret = parameters.includes('secret') || JSON.stringify(filled).includes(secretPlaceholder);
  return (
    <form class="card-box" onSubmit={(event) => void send(entry, event, onAnswer)}>
      <h2>{say(entry.title)}</h2>
      <p class="mono wrap">
        <span class="tag tag-call">{method}</span> {path}
      </p>
      <About entry={entry} usesSecret={usesSecret} />
      {parameters.map((name) => (
        <Parameter key={name} name={name} value={prefillParameter(fills, name, known)} />
      ))}
      {body === 'json' && <BodyField example={filled} key={templates === null ? 'example' : 'filled'} />}
      {upload !== null && <FileFields upload={upload} />}
      <div class="actions">
        <button type="submit" class="primary" disabled={isSending.value}>
          {say({ en: 'Send', zh: '发送' })}
        </button>
      </div>
    </form>
  );
}

function knownNow(templates: TemplatesView | null): Known {
  const view = state.peek();
  const tags = (view?.['tags'] ?? []) as readonly { readonly id: number }[];
  const menu = view?.['menu'] as { readonly conditional: readonly { readonly menuid: number }[] } | undefined;
  const menuId = menu?.conditional.at(-1)?.menuid;
  const first = person.peek();
  const others = followers.peek().filter(({ openid }) => openid !== first?.openid);
  return {
    appid: view?.account.appid ?? '',
    openids: [...(first === null ? [] : [first]), ...others].map(({ openid }) => openid),
    templates,
    tagIds: tags.map(({ id }) => id).filter((id) => id >= firstOwnTag),
    menuId: menuId === undefined ? undefined : String(menuId),
    qrTicket: view?.qrcodes.newest.at(-1)?.ticket,
    requests: requests.peek(),
    nowMs: Date.now() + (clock.peek()?.offset_ms ?? 0),
  };
}

/** Tags below are the platform's own. */
const firstOwnTag = 100;

function About({ entry, usesSecret }: { entry: CatalogueEntry; usesSecret: boolean }) {
  const { needs_token: needsToken, simulated, doc } = entry;
  const quota = quotaOf(entry);
  const facts = [
    needsToken
      ? say({ en: 'access_token is filled in', zh: 'access_token 自动填入' })
      : say({ en: 'no access_token needed', zh: '不需要 access_token' }),
    usesSecret &&
      say({
        en: `${secretPlaceholder} stands for the AppSecret`,
        zh: `${secretPlaceholder} 发送时替换为 AppSecret`,
      }),
    quota !== undefined && say(quota),
    !simulated && say({ en: 'not simulated', zh: '未模拟' }),
  ];
  return (
    <p class="hint">
      {facts.filter((fact) => fact !== false).join(' · ')}
      {doc !== null && (
        <>
          {' · '}
          <a href={doc} target="_blank" rel="noopener noreferrer">
            {say({ en: 'Official page', zh: '官方文档' })}
          </a>
        </>
      )}
    </p>
  );
}

/** How often the call may be made: a figure of the account's own counts before the platform's. */
function quotaOf({ path, daily_quota: platforms, monthly_quota: monthly }: CatalogueEntry): Text | undefined {
  const daily = state.value?.counters[path]?.limit ?? platforms;
  if (daily !== null) return { en: `${daily} calls a day`, zh: `每日 ${daily} 次` };
  return monthly === null ? undefined : { en: `${monthly} calls a month`, zh: `每月 ${monthly} 次` };
}

function Parameter({ name: parameter, value }: { name: string; value: string }) {
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
        defaultValue={fixed ?? value}
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

function BodyField({ example }: { example: unknown }) {
  return (
    <div class="field body-field">
      <label for="api-body">{say({ en: 'Body (JSON)', zh: '请求体（JSON）' })}</label>
      <textarea
        id="api-body"
        class="mono"
        name="body"
        rows={10}
        spellcheck={false}
        defaultValue={JSON.stringify(example ?? {}, null, 2)}
      />
      <dl class="explanations">
        {namesIn(example).map((name) => {
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

function FileFields({ upload: { part, accept, text } }: { upload: FormUpload }) {
  return (
    <>
      <div class="field">
        <label for="api-file" class="mono">
          {part}
        </label>
        <input id="api-file" type="file" name={part} accept={accept} required />
      </div>
      {text !== undefined && (
        <div class="field">
          <label for="api-text" class="mono">
            {text.part}
          </label>
          <textarea
            id="api-text"
            class="mono"
            name={text.part}
            rows={3}
            spellcheck={false}
            placeholder={JSON.stringify(text.example)}
            aria-describedby="api-text-hint"
          />
          <p class="hint" id="api-text-hint">
            {say(text.hint)}
          </p>
        </div>
      )}
    </>
  );
}

async function send(
  entry: CatalogueEntry,
  event: SubmitEvent,
  onAnswer: (answer: ApiAnswer, entry: CatalogueEntry) => void,
): Promise<void> {
  const { method, path, body, needs_token: token } = entry;
  const texts = readForm(event);
  const form = new FormData(event.target as HTMLFormElement);
  const isPost = method.toUpperCase() === 'POST';
  const take = (answer: ApiAnswer): void => {
    takeOwnRequest(answer.request);
    onAnswer(answer, entry);
  };
  isSending.value = true;
  await attempt(async () => {
    const query = await Promise.all(
      queryOf(texts).map(async ([name, text]) => [name, await readSecret(text)]),
    );
    const call = { method: isPost ? 'POST' : 'GET', path, query: Object.fromEntries(query), token };
    if (body === 'multipart') {
      take(await postForm<ApiAnswer>('call', uploadForm(form, call)));
      return;
    }
    const sent = isPost ? { ...call, body: await readSecret(texts['body'] ?? '{}') } : call;
    take(await postControl<ApiAnswer>('call', sent));
  });
  isSending.value = false;
}

const queryPrefix = 'query:';

function queryOf(texts: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(texts)
    .filter(([name, text]) => name.startsWith(queryPrefix) && text !== '')
    .map(([name, text]) => [name.slice(queryPrefix.length), text]);
}

/** The call, and the parts that it sends: files, and texts that are not empty. */
function uploadForm(form: FormData, call: object): FormData {
  const parts = new FormData();
  parts.set('call', JSON.stringify(call));
  for (const [name, part] of form) {
    if (!name.startsWith(queryPrefix) && part !== '') parts.append(name, part);
  }
  return parts;
}

/** The text with the AppSecret in the place of what stands for it: read when such a call is sent, and shown nowhere. */
async function readSecret(text: string): Promise<string> {
  if (!text.includes(secretPlaceholder)) return text;
  const accounts =
    await readControl<readonly { readonly appid: string; readonly secret: string }[]>(
      'accounts?secrets=show',
    );
  const account = accounts.find(({ appid }) => appid === chosenAccount) ?? accounts[0];
  return account === undefined ? text : text.replaceAll(secretPlaceholder, account.secret);
}
