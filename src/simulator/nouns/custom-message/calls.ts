/** 客服消息: messages that the account sends by itself, and the typing state. */
import { own } from '../../../core/text/json-value.ts';
import { parseCustomMessage } from './content.ts';
import { endpoint, inBody, messageBody, ok } from '../../server/endpoint.ts';
import { findFollower, findPerson } from '../user/people.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import { checkSpeaker } from '../kfaccount/calls.ts';

/** Typing needs that either side has written within this time. */
const recentMs = 30_000;

export const customMessageCalls = [
  endpoint({
    method: 'POST',
    path: '/cgi-bin/message/custom/send',
    reads: messageBody(45002),
    answer(fields, platform, { origin }) {
      // Whoever has left is known, and is refused with 45015 because their window is closed.
      const { openId, blocksMessages } = findPerson(platform.followers, own(fields.body, 'touser'));
      if (blocksMessages === true) throw new Refusal(48002);
      checkSpeaker(platform, fields.body);
      platform.chats.sendCustom(openId, parseCustomMessage(fields.body, { platform, origin }));
      platform.typing.stop(openId);
      return ok;
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/message/custom/typing',
    reads: inBody('touser', 'command'),
    changes: ['typing'],
    answer({ touser, command }, platform) {
      const { openId } = findFollower(platform.followers, touser);
      if (command !== 'Typing' && command !== 'CancelTyping') throw new Refusal(45072);
      if (!hasRecentMessage(platform, openId)) throw new Refusal(45080);
      if (command === 'Typing') platform.typing.start(openId);
      else platform.typing.stop(openId);
      return ok;
    },
  }),
];

function hasRecentMessage({ chats, clock }: Platform, openId: string): boolean {
  const last = chats.list(openId).findLast(({ from }) => from !== 'system');
  return last !== undefined && clock.now() - Date.parse(last.at) < recentMs;
}
