/** 客服会话 as `GET /_ctl/kf_sessions` shows them, and what workers do in their own WeChat. */
import type { Platform } from '../../account/platform.ts';
import {
  checkKeys,
  optionalFlag,
  optionalText,
  personNamed,
  refuse,
  requiredText,
  type Body,
} from '../../control/input.ts';
import { refusedByPlatform, sessionForm } from '../../control/texts.ts';
import type { ChatContent, ServiceSessionView } from '../../control/types/index.ts';
import { Refusal, wordsOf } from '../../server/refusal.ts';

/** Those who wait first. */
export function listSessions({ serviceSessions, chats }: Platform): readonly ServiceSessionView[] {
  const saidBy = (openId: string): string | null => {
    const latest = chats.list(openId).findLast(({ from }) => from === 'person');
    return latest === undefined ? null : recordText(latest.content);
  };
  return [
    ...serviceSessions.waiting().map(({ openId, wanted, latestAtMs }) => ({
      openid: openId,
      kf_account: null,
      wanted: wanted ?? null,
      at: new Date(latestAtMs).toISOString(),
      said: saidBy(openId),
    })),
    ...serviceSessions.list().map(({ openId, account, sinceMs }) => ({
      openid: openId,
      kf_account: account,
      wanted: null,
      at: new Date(sinceMs).toISOString(),
      said: saidBy(openId),
    })),
  ];
}

/** Takes somebody or gives them to another account, says something, or ends the session. Throws an input error. */
export async function actAsWorker(platform: Platform, body: Body): Promise<void> {
  checkKeys(body, ['openid', 'kf_account', 'say', 'close'], ['openid']);
  const { serviceSessions, chats } = platform;
  const { openId } = personNamed(platform, requiredText(body, 'openid'));
  const [account, text] = [optionalText(body, 'kf_account'), optionalText(body, 'say')];
  const closes = optionalFlag(body, 'close') === true;
  if ([account, text, closes || undefined].filter((each) => each !== undefined).length !== 1)
    refuse(sessionForm, 'invalid_kf_session');
  const session = serviceSessions.find(openId);
  try {
    if (closes) serviceSessions.close(session?.account ?? noSession(), openId);
    else if (text !== undefined) {
      serviceSessions.say(openId, text);
      chats.add(openId, {
        from: 'account',
        origin: 'service',
        push_id: null,
        content: { type: 'text', text },
      });
    } else if (session === undefined || session.account === account) serviceSessions.create(account, openId);
    else serviceSessions.handOn(account, openId);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuse(refusedByPlatform(await wordsOf(error), error.errcode), 'invalid_kf_session');
  }
}

function noSession(): never {
  throw new Refusal(65413);
}

/** Quirk: of a picture, a voice or a video a record has a word. */
export function recordText(content: ChatContent): string {
  if (content.type === 'text') return content.text;
  return `[${content.type === 'shortvideo' ? 'video' : content.type}]`;
}
