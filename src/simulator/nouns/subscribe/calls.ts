/** 订阅通知 and 一次性订阅消息: the account's templates, and messages to people who have agreed. */
import { isObject, own } from '../../../core/text/json-value.ts';
import { digitsOf } from '../../../core/callback/index.ts';
import { get, inBody, inQuery, messageBody, ok, post } from '../../server/endpoint.ts';
import { findPerson } from '../user/state.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import { oneTimeTemplateId, parseScene } from './state.ts';
import { categories, publicTemplates, type PublicTemplate } from './library.ts';
import { fillTemplate, readTarget } from '../template/view.ts';
import { wireText } from '../../server/wire.ts';

const maxPage = 30;
const maxTitleCharacters = 15;
const maxContentCharacters = 200;

type Body = Readonly<Record<string, unknown>>;

export const calls = [
  get('/wxaapi/newtmpl/getcategory', { answer: () => ({ ...ok, data: categories }) }),
  get('/wxaapi/newtmpl/getpubtemplatetitles', {
    reads: inQuery('ids', 'start', 'limit'),
    fills: { ids: { value: '307,402,616' }, start: { value: '0' }, limit: { value: '10' } },
    answer(fields) {
      const found = templatesOf(fields.ids);
      const start = readNumber(fields.start, 0, Number.MAX_SAFE_INTEGER, 200016);
      const limit = readNumber(fields.limit, 1, maxPage, 200017);
      const data = found
        .slice(start, start + limit)
        .map(({ tid, title, type, categoryId }) => ({ tid, title, type, categoryId }));
      return { ...ok, count: found.length, data };
    },
  }),
  get('/wxaapi/newtmpl/getpubtemplatekeywords', {
    reads: inQuery('tid'),
    fills: { tid: { value: '99' } },
    answer(fields) {
      const template = publicTemplates.find(({ tid }) => String(tid) === fields.tid);
      if (template === undefined) throw new Refusal(200014);
      return { ...ok, data: template.keywords };
    },
  }),
  post('/wxaapi/newtmpl/addtemplate', {
    reads: inBody('tid', 'kidList', 'sceneDesc'),
    changes: ['templates'],
    answer: ({ tid, kidList, sceneDesc }, { subscriptions }) => ({
      ...ok,
      priTmplId: subscriptions.add(tid, kidList, sceneDesc),
    }),
  }),
  post('/wxaapi/newtmpl/deltemplate', {
    reads: inBody('priTmplId'),
    fills: { priTmplId: { answer: 'priTmplId', of: ['/wxaapi/newtmpl/addtemplate'] } },
    changes: ['templates'],
    answer: ({ priTmplId: id }, { subscriptions }) => subscriptions.remove(id),
  }),
  get('/wxaapi/newtmpl/gettemplate', {
    answer: (_, { subscriptions }) => ({ ...ok, data: subscriptions.list() }),
  }),
  post('/cgi-bin/message/subscribe/bizsend', {
    reads: messageBody(45014),
    fills: { template_id: { known: 'subscription_template' }, miniprogram: { left_out: true } },
    answer: (fields, platform) => sendSubscription(platform, fields.body),
  }),
  post('/cgi-bin/message/template/subscribe', {
    reads: messageBody(45014),
    fills: {
      template_id: { known: 'one_time_template' },
      scene: { value: '1000' },
      url: { left_out: true },
    },
    answer: (fields, platform) => sendOnce(platform, fields.body),
  }),
];

/** Throws 200018 where no categories are named, 200019 for one that the account has not. */
function templatesOf(ids: string | undefined): readonly PublicTemplate[] {
  if (ids === undefined || ids === '') throw new Refusal(200018);
  const wanted = ids.split(',');
  if (!wanted.every((id) => categories.some((category) => String(category.id) === id))) {
    throw new Refusal(200019);
  }
  return publicTemplates.filter(({ categoryId }) => wanted.includes(categoryId));
}

function readNumber(text: string | undefined, least: number, most: number, errcode: number): number {
  const value = Number(text);
  if (text === undefined || !/^\d{1,15}$/.test(text) || value < least || value > most) {
    throw new Refusal(errcode);
  }
  return value;
}

/** 订阅通知. Quirk: whoever has subscribed need not follow the account. */
function sendSubscription(platform: Platform, body: Body): void {
  const { subscriptions, followers, chats, outbox, messageRandom } = platform;
  const { openId } = findPerson(followers, own(body, 'touser'));
  const template = subscriptions.find(own(body, 'template_id'));
  const { priTmplId: template_id, title, content, keywordEnumValueList = [] } = template;
  const choices = Object.fromEntries(
    keywordEnumValueList.map(({ keywordCode, enumValueList }) => [
      keywordCode.replace(/\.DATA$/, ''),
      enumValueList,
    ]),
  );
  const lines = fillTemplate(content, own(body, 'data'), { isComplete: true, choices });
  const target = readTarget(body, 'page');
  subscriptions.use(openId, template);
  chats.add(openId, {
    from: 'account',
    origin: 'template',
    push_id: null,
    content: { type: 'template', kind: 'subscription', template_id, title, lines, ...target },
  });
  const List = {
    TemplateId: template_id,
    // Longer than a JavaScript number, as on the platform, and within 63 bits.
    MsgID: `1${digitsOf(messageRandom.bytes(18))}`,
    ErrorCode: '0',
    ErrorStatus: 'success',
  };
  outbox.post({ sampleId: 'subscribe_msg_sent', openId, fields: { SubscribeMsgSentEvent: { List } } });
}

/** 一次性订阅消息: for who has agreed on the page of `/mp/subscribemsg`. */
function sendOnce(platform: Platform, body: Body): void {
  const { subscriptions, followers, chats } = platform;
  const { openId } = findPerson(followers, own(body, 'touser'));
  const template_id = wireText(body, 'template_id');
  if (template_id !== oneTimeTemplateId) throw new Refusal(40037);
  const scene = readScene(own(body, 'scene'));
  const title = wireText(body, 'title');
  if (title === '' || Array.from(title).length > maxTitleCharacters) throw new Refusal(40062);
  const data = own(body, 'data');
  if (!isObject(data)) throw new Refusal(47001);
  const lines = fillTemplate('{{content.DATA}}', data, { isComplete: true });
  if (Array.from(lines[0]?.value ?? '').length > maxContentCharacters) throw new Refusal(45002);
  const target = readTarget(body, 'url');
  subscriptions.useOnce(openId, scene);
  chats.add(openId, {
    from: 'account',
    origin: 'template',
    push_id: null,
    content: { type: 'template', kind: 'one_time', template_id, title, lines, ...target },
  });
}

/** Quirk: a number that is often sent as text. Throws 40035 for anything but 0 to 10000. */
function readScene(value: unknown): number {
  const scene = parseScene(typeof value === 'number' ? String(value) : value);
  if (scene === undefined) throw new Refusal(40035);
  return scene;
}
