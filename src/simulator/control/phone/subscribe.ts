/** What a person answers when the account wants to send messages（订阅通知, 一次性订阅消息）. */
import type { FieldValue } from '../../../core/message/index.ts';
import type { Platform } from '../../account/platform.ts';
import { parseScene } from '../../nouns/subscribe/state.ts';
import { checkKeys, optionalChoice, refuse, type Body } from '../input.ts';

interface Pushed {
  readonly sampleId: string;
  readonly changes: Readonly<Record<string, FieldValue>>;
}

interface Choice {
  readonly templateId: string;
  readonly status: 'accept' | 'reject';
}

/** Keeps the answers; gives the event that tells of them, if there is one. Throws an input error. */
export function subscribeOnPhone(platform: Platform, openId: string, body: Body): readonly Pushed[] {
  checkKeys(body, ['accept', 'reject', 'where', 'one_time_scene', 'wait']);
  const { subscriptions } = platform;
  const where = optionalChoice(body, 'where', ['page', 'article', 'settings']) ?? 'page';
  const scene = readScene(body['one_time_scene']);
  const choices = [
    ...readIds(platform, body, 'accept').map((templateId) => ({ templateId, status: 'accept' }) as const),
    ...readIds(platform, body, 'reject').map((templateId) => ({ templateId, status: 'reject' }) as const),
  ];
  if (new Set(choices.map(({ templateId }) => templateId)).size < choices.length) {
    refuse({
      en: 'A template must be named once in "accept" or "reject"',
      zh: '同一模板在“accept”和“reject”中只能出现一次',
    });
  }
  if (choices.length === 0 && scene === undefined) {
    refuse({
      en: 'At least one of "accept", "reject" and "one_time_scene" must be given',
      zh: '“accept”、“reject”、“one_time_scene”至少要有一个',
    });
  }
  if (scene !== undefined) subscriptions.allowOnce(openId, scene);
  for (const { templateId, status } of choices) {
    subscriptions.answer(openId, templateId, status, where === 'settings' ? 'settings' : 'popup');
  }
  return where === 'settings' ? changed(choices) : answered(choices, where);
}

/** Quirk: 1 is a web page, 2 an article. */
function answered(choices: readonly Choice[], where: 'page' | 'article'): readonly Pushed[] {
  if (choices.length === 0) return [];
  const List = choices.map(({ templateId, status }) => ({
    TemplateId: templateId,
    SubscribeStatusString: status,
    PopupScene: where === 'page' ? '1' : '2',
  }));
  return [{ sampleId: 'subscribe_msg_popup', changes: { SubscribeMsgPopupEvent: { List } } }];
}

/** Quirk: only refusals are pushed. */
function changed(choices: readonly Choice[]): readonly Pushed[] {
  const List = choices
    .filter(({ status }) => status === 'reject')
    .map(({ templateId, status }) => ({ TemplateId: templateId, SubscribeStatusString: status }));
  if (List.length === 0) return [];
  return [{ sampleId: 'subscribe_msg_change', changes: { SubscribeMsgChangeEvent: { List } } }];
}

function readIds({ subscriptions }: Platform, body: Body, key: 'accept' | 'reject'): readonly string[] {
  const list = body[key] ?? [];
  if (!Array.isArray(list)) {
    return refuse({ en: `"${key}" must be a list of template ids`, zh: `“${key}”必须是模板 ID 的数组` });
  }
  return list.map((id: unknown) => {
    const found = subscriptions.list().find(({ priTmplId }) => priTmplId === id);
    if (found !== undefined) return found.priTmplId;
    return refuse({
      en: `"${key}" must name subscription templates of the account, see GET /_ctl/templates`,
      zh: `“${key}”只能包含账号已选用的订阅通知模板，见 GET /_ctl/templates`,
    });
  });
}

function readScene(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const scene = typeof value === 'number' ? parseScene(String(value)) : undefined;
  if (scene !== undefined) return scene;
  return refuse({
    en: '"one_time_scene" must be a whole number from 0 to 10000',
    zh: '“one_time_scene”必须是 0 到 10000 之间的整数',
  });
}
