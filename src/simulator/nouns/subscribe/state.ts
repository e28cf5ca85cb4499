/** 订阅通知 and 一次性订阅消息: the account's templates, and who wants to hear of which. */
import type { Random } from '../../../io/ports.ts';
import { randomBase64Url } from '../../random/text.ts';
import { Refusal } from '../../server/refusal.ts';
import {
  firstSubscriptions,
  maxKeywords,
  minKeywords,
  publicTemplates,
  type OwnSubscription,
} from './library.ts';

const maxTemplates = 25;
const maxSceneCharacters = 15;
const maxScene = 10_000;
/** Answers beyond these: the oldest ones are forgotten. */
const keptAnswers = 100_000;
/** An account has one template for one-time messages; its console shows the id. */
export const oneTimeTemplateId = '1uDxHNXwYQfBmXOfPJcjAS3FynHArD8aWMEFNRGSbCc';

export interface Decision {
  readonly status: 'accept' | 'reject';
  /** How many one-time messages may still be sent. */
  readonly left: number;
}

export interface SavedSubscriptions {
  readonly templates: readonly OwnSubscription[];
  readonly answers: readonly (readonly [key: string, answer: Decision])[];
  readonly grants: readonly string[];
}

export function createSubscriptions(random: Random) {
  let templates: readonly OwnSubscription[] = firstSubscriptions;
  let answers = new Map<string, Decision>();
  let grants = new Set<string>();

  const find = (templateId: unknown): OwnSubscription => {
    const found = templates.find(({ priTmplId }) => priTmplId === templateId);
    if (found === undefined) throw new Refusal(40037);
    return found;
  };
  return {
    save: (): SavedSubscriptions => ({ templates, answers: [...answers], grants: [...grants] }),
    restore(saved: SavedSubscriptions): void {
      ({ templates } = saved);
      answers = new Map(saved.answers);
      grants = new Set(saved.grants);
    },
    list: (): readonly OwnSubscription[] => templates,
    /** Throws 40037. */
    find,
    /** Answers the id of the new template. Throws 200012, 200014, 200020 or 200021. */
    add(tid: unknown, kidList: unknown, sceneDesc: unknown): string {
      if (templates.length >= maxTemplates) throw new Refusal(200012);
      const chosen = choose(tid, kidList, sceneDesc);
      const priTmplId = randomBase64Url(random, 44).slice(1);
      templates = [...templates, { priTmplId, ...chosen }];
      return priTmplId;
    },
    remove(templateId: unknown): void {
      const { priTmplId: gone } = find(templateId);
      templates = templates.filter(({ priTmplId }) => priTmplId !== gone);
      for (const key of answers.keys()) if (key.endsWith(` ${gone}`)) answers.delete(key);
    },
    answer(
      openId: string,
      templateId: string,
      status: Decision['status'],
      where: 'popup' | 'settings',
    ): void {
      const key = `${openId} ${templateId}`;
      const left = answers.get(key)?.left ?? 0;
      answers.delete(key);
      answers.set(key, nextAnswer(status, where, left));
      forgetOldest(answers);
    },
    answersOf: (openId: string): readonly (Decision & { readonly template: OwnSubscription })[] =>
      templates.flatMap((template) => {
        const answer = answers.get(`${openId} ${template.priTmplId}`);
        return answer === undefined ? [] : [{ ...answer, template }];
      }),
    /** Uses up one accept. Throws 43101 where there is none. */
    use(openId: string, { priTmplId, type }: OwnSubscription): void {
      const key = `${openId} ${priTmplId}`;
      const answer = answers.get(key);
      if (answer === undefined || answer.status === 'reject') throw new Refusal(43101);
      if (type === 3) return;
      if (answer.left === 0) throw new Refusal(43101);
      answers.set(key, { ...answer, left: answer.left - 1 });
    },
    /** 一次性订阅消息: the person allows one message of this scene（0–10000）. */
    allowOnce(openId: string, scene: number): void {
      grants.add(`${openId} ${scene}`);
      forgetOldest(grants);
    },
    /** Uses the permission up. Throws 43101 where there is none. */
    useOnce(openId: string, scene: number): void {
      if (!grants.delete(`${openId} ${scene}`)) throw new Refusal(43101);
    },
  };
}

/** A pop-up that is declined takes nothing back that was granted before; the settings do. */
function nextAnswer(status: Decision['status'], where: 'popup' | 'settings', left: number): Decision {
  if (where === 'settings') return { status, left: status === 'accept' ? left : 0 };
  if (status === 'accept') return { status, left: left + 1 };
  return { status: left > 0 ? 'accept' : 'reject', left };
}

function forgetOldest(kept: Map<string, Decision> | Set<string>): void {
  if (kept.size <= keptAnswers) return;
  const [oldest] = kept.keys();
  if (oldest !== undefined) kept.delete(oldest);
}

function choose(
  tid: unknown,
  kidList: unknown,
  sceneDesc: unknown,
): Pick<OwnSubscription, 'title' | 'content' | 'example' | 'type'> {
  const template = publicTemplates.find((each) => String(each.tid) === String(tid));
  if (template === undefined) throw new Refusal(200014);
  const kids: readonly unknown[] = Array.isArray(kidList) ? kidList : [];
  const keywords = template.keywords.filter(({ kid }) => kids.includes(kid));
  const isDistinct = new Set(kids).size === kids.length && keywords.length === kids.length;
  if (!isDistinct || kids.length < minKeywords || kids.length > maxKeywords) throw new Refusal(200020);
  if (sceneDesc !== undefined && !isScene(sceneDesc)) throw new Refusal(200021);
  const ordered = kids.flatMap((kid) => keywords.filter((each) => each.kid === kid));
  return {
    title: template.title,
    content: ordered.map(({ name, rule, kid }) => `${name}:{{${rule}${kid}.DATA}}\n`).join(''),
    example: ordered.map(({ name, example }) => `${name}:${example}\n`).join(''),
    type: template.type,
  };
}

/** The scene of a one-time message, which its page and its call name alike; `undefined` for what is none. */
export function parseScene(text: unknown): number | undefined {
  const isNumber = typeof text === 'string' && /^\d{1,5}$/.test(text) && Number(text) <= maxScene;
  return isNumber ? Number(text) : undefined;
}

function isScene(value: unknown): boolean {
  return typeof value === 'string' && Array.from(value).length <= maxSceneCharacters;
}
