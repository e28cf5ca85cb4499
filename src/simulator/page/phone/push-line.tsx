/** A faint line in the chat for what leaves no message there: a tap on a click button, and all that went nowhere. */
import type { Text } from '../../../core/text/text.ts';
import type { PushView } from '../../control/types/index.ts';
import { Button } from '../parts/box.tsx';
import { chosenPanel, showPush } from '../panels.ts';
import { say } from '../words.ts';

export function hasLine({ event, skipped }: PushView): boolean {
  return event === 'CLICK' || skipped === 'no_server';
}

export function PushLine({ push }: { push: PushView }) {
  const { id, event, event_key: key, msg_type: type, skipped } = push;
  const name = [event ?? type, key ?? ''].filter((word) => word !== '').join(' ');
  return (
    <li class="system push-line">
      <button type="button" class="link" onClick={() => showPush(id)}>
        {name} → {say(outcomeOf(push))}
      </button>
      {skipped === 'no_server' && (
        <>
          {' '}
          <Button
            class="link"
            text={{ en: 'Set your server', zh: '设置服务器' }}
            act={() => (chosenPanel.value = 'start')}
          />
        </>
      )}
    </li>
  );
}

function outcomeOf({ state, skipped, valid, reply }: PushView): Text {
  if (state === 'sending') return { en: 'waiting', zh: '等待中' };
  if (skipped === 'no_server') return { en: 'went nowhere: no server is set', zh: '未送达：尚未设置服务器' };
  if (skipped !== null) return { en: 'not sent', zh: '未推送' };
  if (state === 'failed') return { en: 'no response', zh: '无响应' };
  if (valid === false) return { en: 'received, invalid reply', zh: '已接收，回复无效' };
  return reply === null
    ? { en: 'received, no reply', zh: '已接收，无回复' }
    : { en: 'replied', zh: '已回复' };
}
