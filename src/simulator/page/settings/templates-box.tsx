/** The templates that the account can send at once, with their ids. */
import type { ComponentChild } from 'preact';
import type { Text } from '../../../core/text/text.ts';
import type { TemplateView } from '../../control/types/index.ts';
import { templates } from '../live.ts';
import { copyText } from '../parts/code.tsx';
import { say } from '../words.ts';

export function TemplatesBox(): ComponentChild {
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
