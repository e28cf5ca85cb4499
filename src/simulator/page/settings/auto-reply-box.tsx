/** 自动回复: what is answered while no server is configured. */
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { useEffect } from 'preact/hooks';
import type { AutoReplyInfo } from '../../control/types/index.ts';
import { postControl, readControl } from '../control.ts';
import { callback, resets } from '../live.ts';
import { FieldRow, type Field } from '../parts/field-dialog.tsx';
import { readForm } from '../parts/form.ts';
import { attempt, notify } from '../parts/notice.ts';
import { say } from '../words.ts';
import { formatReplies, parseReplies } from './auto-replies.ts';

const info = signal<AutoReplyInfo | null>(null);

export function AutoReplyBox(): ComponentChild {
  useEffect(() => {
    // What was saved before, here or elsewhere, would be saved again.
    info.value = null;
    void attempt(async () => (info.value = await readControl<AutoReplyInfo>('autoreply')));
  }, [resets.value]);
  const saved = info.value;
  const texts = saved === null ? null : formatReplies(saved);
  return (
    <section class="card-box" aria-labelledby="autoreply-title">
      <h2 id="autoreply-title">{say({ en: 'Automatic replies', zh: '自动回复' })}</h2>
      <p class="hint">
        {callback.value?.url === null
          ? say({ en: 'On, because no server is set', zh: '未设置服务器，自动回复生效' })
          : say({
              en: 'Off, because a server is set',
              zh: '已设置服务器，自动回复不生效',
            })}
      </p>
      {saved !== null && texts === null && (
        <p class="hint">
          {say({
            en: 'The current replies contain more than text; saving here replaces them',
            zh: '当前自动回复包含文本以外的内容，在此保存会将其替换',
          })}
        </p>
      )}
      {saved !== null && (
        <form key={JSON.stringify(saved)} onSubmit={(event) => void save(readForm(event))}>
          {fields.map((field) => (
            <FieldRow key={field.name} field={{ ...field, value: texts?.[field.name as 'follow'] ?? '' }} />
          ))}
          <div class="actions">
            <button type="submit">{say({ en: 'Save the replies', zh: '保存自动回复' })}</button>
          </div>
        </form>
      )}
    </section>
  );
}

const fields: readonly Field[] = [
  { name: 'follow', label: { en: 'To new followers', zh: '被关注回复' }, kind: 'text', value: '' },
  {
    name: 'keywords',
    label: { en: 'To texts with a keyword', zh: '关键词回复' },
    kind: 'long',
    value: '',
    placeholder: '营业时间 = 每天 9:00–21:00',
    hint: { en: 'One per line: keyword = reply', zh: '每行一条：关键词 = 回复内容' },
  },
  { name: 'other', label: { en: 'To everything else', zh: '收到消息回复' }, kind: 'text', value: '' },
];

async function save({
  follow = '',
  keywords = '',
  other = '',
}: Readonly<Record<string, string>>): Promise<void> {
  await attempt(async () => {
    info.value = await postControl<AutoReplyInfo>('autoreply', parseReplies({ follow, keywords, other }));
    notify({ en: 'Saved', zh: '已保存' });
  });
}
