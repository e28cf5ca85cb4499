/** The templates that the account can send at once, with their ids. */
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Text } from '../../../core/text/text.ts';
import type { TemplatesView, TemplateView } from '../../control/types/index.ts';
import { readControl } from '../control.ts';
import { requests, resets } from '../live.ts';
import { copyText } from '../parts/code.tsx';
import { attempt } from '../parts/notice.ts';
import { say } from '../words.ts';

const templates = signal<TemplatesView | null>(null);

/** Calls that make or delete one. */
const changing = /template\/(?:api_add|del_private)_template$|newtmpl\/(?:add|del)template$/;

export function TemplatesBox(): ComponentChild {
  const changes = requests.value.filter(({ path }) => changing.test(path)).length;
  useEffect(() => {
    void attempt(async () => (templates.value = await readControl<TemplatesView>('templates')));
  }, [changes, resets.value]);
  const view = templates.value;
  if (view === null) return null;
  return (
    <section class="card-box" aria-labelledby="templates-title">
      <h2 id="templates-title">{say({ en: 'Templates', zh: '消息模板' })}</h2>
      <List title={{ en: 'Template messages', zh: '模板消息' }} list={view.template} />
      <List title={{ en: 'Subscription messages', zh: '订阅通知' }} list={view.subscription} />
    </section>
  );
}

function List({ title, list }: { title: Text; list: readonly TemplateView[] }): ComponentChild {
  if (list.length === 0) return null;
  return (
    <>
      <h3>{say(title)}</h3>
      <ul class="templates">
        {list.map(({ template_id: id, title: name, keywords }) => (
          <li key={id}>
            <span class="template-id">
              <span>{name}</span>
              <button
                type="button"
                aria-label={say({ en: `Copy the id of ${name}`, zh: `复制 ID：${name}` })}
                onClick={() => void copyText(id)}
              >
                {say({ en: 'Copy the id', zh: '复制 ID' })}
              </button>
            </span>
            <span class="hint mono wrap">{keywords.join(', ')}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
