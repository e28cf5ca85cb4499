/** 自动回复: what is answered while no server is configured. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AutoReplyInfo } from '../../control/types/index.ts';
import { postControl, readControl } from '../control.ts';
import { callback, resets } from '../live.ts';
import { Box, Hint } from '../parts/box.tsx';
import { type Field, FieldRow, Form, type Values } from '../parts/form.tsx';
import { attempt, notify } from '../parts/notice.ts';
import { formatReplies, parseReplies } from './auto-replies.ts';

const info = signal<AutoReplyInfo | null>(null);

export function AutoReplyBox() {
  useEffect(() => {
    // What was saved before, here or elsewhere, would be saved again.
    info.value = null;
    void attempt(async () => (info.value = await readControl<AutoReplyInfo>('autoreply')));
  }, [resets.value]);
  const saved = info.value;
  const texts = saved === null ? null : formatReplies(saved);
  return (
    <Box id="autoreply" title={{ en: 'Automatic replies', zh: '自动回复' }}>
      <Hint
        text={
          callback.value?.url === null
            ? { en: 'On, because no server is set', zh: '未设置服务器，自动回复生效' }
            : {
                en: 'Off, because a server is set',
                zh: '已设置服务器，自动回复不生效',
              }
        }
      />
      {saved !== null && texts === null && (
        <Hint
          text={{
            en: 'The current replies contain more than text; saving here replaces them',
            zh: '当前自动回复包含文本以外的内容，在此保存会将其替换',
          }}
        />
      )}
      {saved !== null && (
        <Form
          key={JSON.stringify(saved)}
          submit={save}
          action={{ en: 'Save the replies', zh: '保存自动回复' }}
        >
          {fields.map((field) => (
            <FieldRow key={field.name} field={{ ...field, value: texts?.[field.name as 'follow'] ?? '' }} />
          ))}
        </Form>
      )}
    </Box>
  );
}

const fields: readonly Field[] = [
  { name: 'follow', label: { en: 'To new followers', zh: '被关注回复' } },
  {
    name: 'keywords',
    label: { en: 'To texts with a keyword', zh: '关键词回复' },
    kind: 'long',
    placeholder: '营业时间 = 每天 9:00–21:00',
    hint: { en: 'One per line: keyword = reply', zh: '每行一条：关键词 = 回复内容' },
  },
  { name: 'other', label: { en: 'To everything else', zh: '收到消息回复' } },
];

async function save({ follow = '', keywords = '', other = '' }: Values): Promise<void> {
  info.value = await postControl<AutoReplyInfo>('autoreply', parseReplies({ follow, keywords, other }));
  notify({ en: 'Saved', zh: '已保存' });
}
