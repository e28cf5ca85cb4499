/** 模板消息: the templates of the account, and messages made of them. */
import { own } from '../../../core/text/json-value.ts';
import { createAdder, messageBody, ok, type ApiApp } from '../../server/endpoint.ts';
import { findPerson } from '../user/people.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import { fillTemplate, readTarget, wireText } from './text.ts';

export function addTemplateRoutes(app: ApiApp, platform: Platform): void {
  const add = createAdder(app, platform);
  add('POST', 'template/api_set_industry', (call) => {
    const body = call.json();
    platform.templates.setIndustries(own(body, 'industry_id1'), own(body, 'industry_id2'));
    return ok;
  });
  add('GET', 'template/get_industry', () => {
    const [primary_industry, secondary_industry] = platform.templates.industries();
    return { primary_industry, secondary_industry };
  });
  add('POST', 'template/api_add_template', (call) => {
    const body = call.json();
    const template_id = platform.templates.add(
      wireText(body, 'template_id_short'),
      own(body, 'keyword_name_list'),
    );
    return { ...ok, template_id };
  });
  add('GET', 'template/get_all_private_template', () => ({ template_list: platform.templates.list() }));
  add('POST', 'template/del_private_template', (call) => {
    platform.templates.remove(own(call.json(), 'template_id'));
    return ok;
  });
  add('POST', 'message/template/send', (call) => ({
    ...ok,
    msgid: sendTemplate(platform, messageBody(call, 45014)),
  }));
}

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
