/** 模板消息: the templates of the account, and messages made of them. */
import { own } from '../../../core/text/json-value.ts';
import { get, inBody, messageBody, ok, post } from '../../server/endpoint.ts';
import { findPerson } from '../user/state.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import { fillTemplate, readTarget } from './view.ts';
import { wireText } from '../../server/wire.ts';

export const calls = [
  post('/cgi-bin/template/api_set_industry', {
    reads: inBody('industry_id1', 'industry_id2'),
    answer: ({ industry_id1: first, industry_id2: second }, { templates }) =>
      templates.setIndustries(first, second),
  }),
  get('/cgi-bin/template/get_industry', {
    answer(_, { templates }) {
      const [primary_industry, secondary_industry] = templates.industries();
      return { primary_industry, secondary_industry };
    },
  }),
  post('/cgi-bin/template/api_add_template', {
    reads: inBody('template_id_short', 'keyword_name_list'),
    changes: ['templates'],
    answer: (fields, { templates }) => ({
      ...ok,
      template_id: templates.add(wireText(fields, 'template_id_short'), fields.keyword_name_list),
    }),
  }),
  get('/cgi-bin/template/get_all_private_template', {
    answer: (_, { templates }) => ({ template_list: templates.list() }),
  }),
  post('/cgi-bin/template/del_private_template', {
    reads: inBody('template_id'),
    fills: { template_id: { known: 'newest_template' } },
    changes: ['templates'],
    answer: ({ template_id: id }, { templates }) => templates.remove(id),
  }),
  post('/cgi-bin/message/template/send', {
    reads: messageBody(45014),
    fills: { template_id: { known: 'template' }, miniprogram: { left_out: true } },
    answer: (fields, platform) => ({ ...ok, msgid: sendTemplate(platform, fields.body) }),
  }),
];

/** Puts the card into the chat and reports it with TEMPLATESENDJOBFINISH; answers the id of the message. */
function sendTemplate(platform: Platform, body: Readonly<Record<string, unknown>>): number {
  const { templates, followers, chats, outbox, outcomes } = platform;
  const person = findPerson(followers, own(body, 'touser'));
  if (!person.follows) throw new Refusal(43004);
  if (person.isBlacklisted) throw new Refusal(43019);
  const template = templates.find(own(body, 'template_id'));
  const lines = fillTemplate(template.content, own(body, 'data'), { isComplete: false });
  const target = readTarget(body, 'url');
  const clientId = wireText(body, 'client_msg_id');
  const { openId } = person;
  const { msgId, isNew } = templates.nextMessage(clientId === '' ? undefined : `${openId} ${clientId}`);
  // Unverified: what a repeated client_msg_id is answered. It is documented that nothing is sent twice.
  if (!isNew) return msgId;
  const Status =
    outcomes.take('template') ?? (person.blocksMessages === true ? 'failed:user block' : 'success');
  if (Status === 'success') {
    const { template_id, title } = template;
    chats.add(openId, {
      from: 'account',
      origin: 'template',
      push_id: null,
      content: { type: 'template', kind: 'template', template_id, title, lines, ...target },
    });
  }
  outbox.post({ sampleId: 'template_finish', openId, fields: { MsgID: String(msgId), Status } });
  return msgId;
}
