/** Everything besides text that a person can send, and what the platform asks people. */
import type { ComponentChild } from 'preact';
import type { Text } from '../../../core/text/text.ts';
import { askFor, type Field } from '../parts/field-dialog.tsx';
import { say } from '../words.ts';
import { reportLocation, send } from './actions.ts';
import { placeFields, readPlace } from './places.ts';
import { chooseSample } from './samples.ts';
import { askToSubscribe } from './subscribe.ts';

export function Kinds({ onChoose }: { onChoose: () => void }): ComponentChild {
  return (
    <ul class="kinds">
      {kinds.map((kind) => (
        <li key={kind.title.en}>
          <button
            type="button"
            onClick={() => {
              onChoose();
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

function fileField(accept: string): Field {
  return {
    name: 'data',
    label: { en: 'File', zh: '文件' },
    kind: 'file',
    value: '',
    accept,
    hint: { en: 'Without one the simulator makes a small one', zh: '不选择文件时，由模拟器生成一个小文件' },
  };
}

function file(data: string | undefined): { data?: string } {
  return data === undefined ? {} : { data };
}

const miniProgramFields: readonly Field[] = [
  { name: 'title', label: { en: 'Title', zh: '标题' }, kind: 'text', value: '小程序', required: true },
  { name: 'pagepath', label: { en: 'Page', zh: '页面路径' }, kind: 'text', value: 'pages/index/index' },
];

const kinds: readonly Kind[] = [
  asking(
    { en: 'Picture', zh: '图片' },
    '▣',
    [fileField('image/*')],
    ({ data }) => void send({ type: 'image', ...file(data) }),
  ),
  asking(
    { en: 'Voice', zh: '语音' },
    '◖',
    [
      fileField('audio/*,.amr'),
      {
        name: 'recognition',
        label: { en: 'Recognised words (may be empty)', zh: '语音识别结果（可为空）' },
        kind: 'text',
        value: '腾讯微信团队',
      },
    ],
    ({ recognition = '', data }) =>
      void send({ type: 'voice', ...file(data), ...(recognition !== '' && { recognition }) }),
  ),
  asking(
    { en: 'Video', zh: '视频' },
    '▶',
    [fileField('video/mp4')],
    ({ data }) => void send({ type: 'video', ...file(data) }),
  ),
  asking(
    { en: 'Short video', zh: '小视频' },
    '▷',
    [fileField('video/mp4')],
    ({ data }) => void send({ type: 'shortvideo', ...file(data) }),
  ),
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
  asking(
    { en: 'Mini program', zh: '小程序' },
    '◎',
    miniProgramFields,
    ({ title = '', pagepath = '' }) =>
      void send({ type: 'miniprogrampage', title, ...(pagepath !== '' && { pagepath }) }),
  ),
  { title: { en: 'Subscribe', zh: '订阅通知' }, sign: '✓', start: () => void askToSubscribe() },
  { title: { en: 'Any push', zh: '任意推送' }, sign: '⋯', start: () => void chooseSample() },
];
