/** Where the person writes, and everything else that can be sent. */
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import type { Text } from '../../../core/text.ts';
import { askFor, type Field } from '../parts/field-dialog.tsx';
import { say } from '../words.ts';
import { reportLocation, send } from './actions.ts';
import { placeFields, readPlace } from './menu-bar.tsx';
import { chooseSample } from './samples.ts';

const draft = signal('');
const isMoreOpen = signal(false);

export function Composer(): ComponentChild {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = draft.value;
    if (text.trim() === '') return;
    draft.value = '';
    void send({ type: 'text', text }).then((sent) => {
      if (!sent && draft.value === '') draft.value = text;
    });
  };
  return (
    <>
      <form class="composer" onSubmit={submit}>
        <input
          type="text"
          aria-label={say({ en: 'Message', zh: '消息' })}
          placeholder={say({ en: 'Write a message', zh: '输入消息' })}
          value={draft.value}
          onInput={(event) => (draft.value = event.currentTarget.value)}
          autocomplete="off"
        />
        {draft.value.trim() === '' ? (
          <button
            type="button"
            class="icon round"
            aria-expanded={isMoreOpen.value}
            aria-label={say({ en: 'More to send', zh: '更多消息类型' })}
            onClick={() => (isMoreOpen.value = !isMoreOpen.value)}
          >
            +
          </button>
        ) : (
          <button type="submit" class="primary">
            {say({ en: 'Send', zh: '发送' })}
          </button>
        )}
      </form>
      {isMoreOpen.value && <MoreKinds />}
    </>
  );
}

function MoreKinds(): ComponentChild {
  return (
    <ul class="kinds">
      {kinds.map((kind) => (
        <li key={kind.title.en}>
          <button
            type="button"
            onClick={() => {
              isMoreOpen.value = false;
              kind.start();
            }}
          >
            <span class="kind-sign" aria-hidden="true">
              {kind.sign}
            </span>
            {say(kind.title)}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface Kind {
  readonly title: Text;
  readonly sign: string;
  start(): void;
}

type Values = Readonly<Record<string, string>>;

function asking(title: Text, sign: string, fields: readonly Field[], submit: (values: Values) => void): Kind {
  const action = { en: 'Send', zh: '发送' };
  return { title, sign, start: () => askFor({ title, action, fields, submit }) };
}

const linkFields: readonly Field[] = [
  { name: 'title', label: { en: 'Title', zh: '标题' }, kind: 'text', value: '公众平台官网', required: true },
  { name: 'description', label: { en: 'Description', zh: '描述' }, kind: 'text', value: '' },
  {
    name: 'url',
    label: { en: 'Address', zh: '链接' },
    kind: 'text',
    value: 'https://mp.weixin.qq.com/',
    required: true,
  },
];

const kinds: readonly Kind[] = [
  { title: { en: 'Picture', zh: '图片' }, sign: '▣', start: () => void send({ type: 'image' }) },
  asking(
    { en: 'Voice', zh: '语音' },
    '◖',
    [
      {
        name: 'recognition',
        label: { en: 'Recognised words (may be empty)', zh: '语音识别结果（可为空）' },
        kind: 'text',
        value: '腾讯微信团队',
      },
    ],
    ({ recognition = '' }) => void send({ type: 'voice', ...(recognition !== '' && { recognition }) }),
  ),
  { title: { en: 'Video', zh: '视频' }, sign: '▶', start: () => void send({ type: 'video' }) },
  { title: { en: 'Short video', zh: '小视频' }, sign: '▷', start: () => void send({ type: 'shortvideo' }) },
  asking(
    { en: 'Location', zh: '位置' },
    '⊙',
    placeFields,
    (values) => void send({ type: 'location', ...readPlace(values) }),
  ),
  asking(
    { en: 'Link', zh: '链接' },
    '↗',
    linkFields,
    ({ title = '', description = '', url = '' }) => void send({ type: 'link', title, description, url }),
  ),
  asking(
    { en: 'Report location', zh: '上报位置' },
    '◉',
    placeFields.slice(0, 2),
    (values) => void reportLocation(readPlace(values)),
  ),
  { title: { en: 'Any push', zh: '任意推送' }, sign: '⋯', start: () => void chooseSample() },
];
