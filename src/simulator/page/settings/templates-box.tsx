/** The templates that the account can send at once, with their ids. */
import type { Text } from '../../../core/text/text.ts';
import type { TemplateView } from '../../control/types/index.ts';
import { templates } from '../live.ts';
import { Box, Button } from '../parts/box.tsx';
import { copyText } from '../parts/code.tsx';
import { say } from '../words.ts';

export function TemplatesBox() {
  const view = templates.value;
  if (view === null) return null;
  return (
    <Box id="templates" title={{ en: 'Templates', zh: '消息模板' }}>
      <List title={{ en: 'Template messages', zh: '模板消息' }} list={view.template} />
      <List title={{ en: 'Subscription messages', zh: '订阅通知' }} list={view.subscription} />
    </Box>
  );
}

function List({ title, list }: { title: Text; list: readonly TemplateView[] }) {
  if (list.length === 0) return null;
  return (
    <>
      <h3>{say(title)}</h3>
      <ul class="templates">
        {list.map(({ template_id: id, title: name, keywords }) => (
          <li key={id}>
            <span class="template-id">
              <span>{name}</span>
              <Button
                text={{ en: 'Copy the id', zh: '复制 ID' }}
                name={{ en: `Copy the id of ${name}`, zh: `复制 ID：${name}` }}
                act={() => copyText(id)}
              />
            </span>
            <span class="hint mono wrap">{keywords.join(', ')}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
