/** What the person with the phone does. Answers come as events; only what the phone itself says comes back. */
import type {
  CommentAction,
  PhoneResult,
  ScanAction,
  SendAction,
  SubscribeAction,
  TapAction,
} from '../../control/types/index.ts';
import { postControl } from '../control.ts';
import { person, readChat } from '../live.ts';
import { attempt, notify } from '../parts/notice.ts';
import { opened } from './opened.tsx';

type Verb = 'follow' | 'unfollow' | 'scan' | 'tap' | 'send' | 'location' | 'subscribe' | 'comment';

async function act(verb: Verb, body: object): Promise<boolean> {
  const openid = person.value?.openid;
  if (openid === undefined) return false;
  return await attempt(async () => {
    const path = `phone/${encodeURIComponent(openid)}/${verb}`;
    const result = await postControl<PhoneResult>(path, { ...body, wait: false });
    if (result.notice !== null) notify(result.notice, result.outcome.startsWith('code_'));
    if (result.opened !== null) opened.value = result.opened;
    if (verb === 'follow' || verb === 'unfollow' || verb === 'scan') await readChat();
  });
}

/** A message without `wait`, which is added here. */
type Message = SendAction extends infer Each ? (Each extends unknown ? Omit<Each, 'wait'> : never) : never;

export const follow = (): Promise<boolean> => act('follow', {});
export const unfollow = (): Promise<boolean> => act('unfollow', {});
export const scan = (code: Omit<ScanAction, 'wait'>): Promise<boolean> => act('scan', code);
export const tap = (action: Omit<TapAction, 'wait'>): Promise<boolean> => act('tap', action);
export const send = (message: Message): Promise<boolean> => act('send', message);
export const subscribe = (answer: Omit<SubscribeAction, 'wait'>): Promise<boolean> =>
  act('subscribe', answer);
export const comment = (written: CommentAction): Promise<boolean> => act('comment', written);
export const reportLocation = (place: { latitude: number; longitude: number }): Promise<boolean> =>
  act('location', place);
