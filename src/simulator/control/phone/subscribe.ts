/** What a person answers when the account wants to send messages（订阅通知, 一次性订阅消息）. */
import type { FieldValue } from '../../../core/message/index.ts';
import type { Platform } from '../../account/platform.ts';
import { parseScene } from '../../nouns/subscribe/state.ts';
import { checkKeys, optionalChoice, refuse, type Body } from '../input.ts';
import {
  nothingAnswered,
  oneTimeSceneForm,
  templateTwice,
  templatesForm,
  unknownTemplates,
} from './texts.ts';

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
  if (new Set(choices.map(({ templateId }) => templateId)).size < choices.length) refuse(templateTwice);
  if (choices.length === 0 && scene === undefined) refuse(nothingAnswered);
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
  if (!Array.isArray(list)) return refuse(templatesForm(key));
  return list.map((id: unknown) => {
    const found = subscriptions.list().find(({ priTmplId }) => priTmplId === id);
    if (found !== undefined) return found.priTmplId;
    return refuse(unknownTemplates(key));
  });
}

function readScene(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const scene = typeof value === 'number' ? parseScene(String(value)) : undefined;
  if (scene !== undefined) return scene;
  return refuse(oneTimeSceneForm);
}
