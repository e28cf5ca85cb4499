/** The templates of the account（模板消息）: which it has, its industries, and what has been sent of them. */
import type { Clock, Random } from '../../../io/ports.ts';
import { createForgetting } from '../../account/forgetting.ts';
import { randomBase64Url } from '../../random/text.ts';
import { Refusal } from '../../server/refusal.ts';
import {
  findIndustry,
  findLibraryTemplate,
  firstTemplates,
  type Industry,
  type OwnTemplate,
} from './library.ts';
import { beijingMonth } from '../openapi/state.ts';

const maxTemplates = 25;
/** As long as one openid and client_msg_id make one message. */
const repeatMs = 10 * 60_000;
const keptRepeats = 10_000;
const firstMsgId = 200_228_332;

export interface SavedTemplates {
  readonly templates: readonly OwnTemplate[];
  readonly industries: readonly [Industry, Industry];
  readonly changedMonth: string;
  readonly lastMsgId: number;
}

export function createTemplates(clock: Clock, random: Random) {
  let templates: readonly OwnTemplate[] = firstTemplates;
  let industries: readonly [Industry, Industry] = [startIndustry('1'), startIndustry('2')];
  let changedMonth = '';
  let lastMsgId = firstMsgId - 1;
  const repeats = new Map<string, { readonly msgId: number; readonly untilMs: number }>();
  const forget = createForgetting(repeats, keptRepeats);

  const find = (templateId: unknown): OwnTemplate => {
    const found = templates.find(({ template_id: id }) => id === templateId);
    if (found === undefined) throw new Refusal(40037);
    return found;
  };
  return {
    save: (): SavedTemplates => ({ templates, industries, changedMonth, lastMsgId }),
    restore(saved: SavedTemplates): void {
      ({ templates, industries, changedMonth, lastMsgId } = saved);
    },
    list: (): readonly OwnTemplate[] => templates,
    /** Throws 40037. */
    find,
    /** Takes a template of the library with these keywords; answers its id. Throws 45026, 40247, 40037 or 40246. */
    add(shortId: string, keywordNames: unknown): string {
      if (templates.length >= maxTemplates) throw new Refusal(45026);
      const chosen = choose(shortId, keywordNames);
      const template_id = randomBase64Url(random, 44).slice(1);
      templates = [...templates, { template_id, primary_industry: '', deputy_industry: '', ...chosen }];
      return template_id;
    },
    /** Throws 40037. */
    remove(templateId: unknown): void {
      const { template_id: gone } = find(templateId);
      templates = templates.filter(({ template_id: id }) => id !== gone);
    },
    industries: (): readonly [primary: Industry, secondary: Industry] => industries,
    /** Throws 40102, and 43100 for a second change in one month. */
    setIndustries(primary: unknown, secondary: unknown): void {
      const [first, second] = [findIndustry(primary), findIndustry(secondary)];
      if (first === undefined || second === undefined) throw new Refusal(40102);
      const month = beijingMonth(clock.now());
      if (month === changedMonth) throw new Refusal(43100);
      industries = [first, second];
      changedMonth = month;
    },
    /**
     * The id of a new message. Together with a `repeatKey` the same one for ten minutes, and then `isNew` is false.
     */
    nextMessage(repeatKey: string | undefined): { readonly msgId: number; readonly isNew: boolean } {
      const before = repeatKey === undefined ? undefined : repeats.get(repeatKey);
      if (before !== undefined && before.untilMs > clock.now()) return { msgId: before.msgId, isNew: false };
      const msgId = (lastMsgId += 1);
      if (repeatKey !== undefined) {
        repeats.delete(repeatKey);
        repeats.set(repeatKey, { msgId, untilMs: clock.now() + repeatMs });
        forget();
      }
      return { msgId, isNew: true };
    },
  };
}

function startIndustry(code: string): Industry {
  return findIndustry(code) ?? { first_class: '', second_class: '' };
}

/** Quirk: templates of the old library by industry (TM…, OPENTM…) can no longer be chosen. */
function choose(shortId: string, names: unknown): Pick<OwnTemplate, 'title' | 'content' | 'example'> {
  if (/^(?:OPEN)?TM\d+$/.test(shortId)) throw new Refusal(40247);
  const template = findLibraryTemplate(shortId);
  if (template === undefined) throw new Refusal(40037);
  if (!Array.isArray(names) || names.length === 0) throw new Refusal(40246);
  const keywords = names.map((name: unknown) => {
    const keyword = template.keywords.find((each) => each.name === name);
    if (keyword === undefined) throw new Refusal(40246);
    return keyword;
  });
  return {
    title: template.title,
    content: keywords.map(({ name, code }) => `${name}：{{${code}.DATA}}`).join('\n'),
    example: keywords.map(({ name, example }) => `${name}：${example}`).join('\n'),
  };
}
