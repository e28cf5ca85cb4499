/** The phone: whose it is, the chat with the account, and what can be done at its foot. */
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Text } from '../../../core/text/text.ts';
import type { ChatMessage, PushView } from '../../control/types/index.ts';
import { accountName, chat, isTyping, person, pushes, waiting } from '../live.ts';
import { Button } from '../parts/box.tsx';
import { FieldDialog } from '../parts/field-dialog.tsx';
import { loaded } from '../parts/loaded.tsx';
import { say, timeOfDay } from '../words.ts';
import { follow, unfollow } from './actions.ts';
import { Message } from './bubble.tsx';
import { Composer } from './composer.tsx';
import { MenuBar } from './menu-bar.tsx';
import { Opened } from './opened.tsx';
import { People } from './people.tsx';
import { hasLine, PushLine } from './push-line.tsx';

export { follow, send } from './actions.ts';

const isScanning = signal(false);
const ScanDialog = loaded(async () => (await import('./dialogs/scan-dialog.tsx')).ScanDialog);

export function Phone() {
  const shown = person.value;
  const subscribed = shown?.subscribed ?? false;
  const isPressed = useRef(false);
  const press = (act: () => Promise<boolean>) => (): void => {
    isPressed.current = true;
    void act();
  };
  useEffect(() => {
    // The button that was pressed is gone; who goes by keyboard must not begin at the top again.
    if (isPressed.current) document.querySelector<HTMLElement>('.chat')?.focus();
    isPressed.current = false;
  }, [subscribed]);
  return (
    <div class="phone">
      <People />
      <div class="screen">
        <div class="screen-head">
          <Button class="plain" text={{ en: 'Scan', zh: '扫一扫' }} act={() => (isScanning.value = true)} />
          <h2 aria-live="polite">{say(headline())}</h2>
          {subscribed ? (
            <Button class="plain" text={{ en: 'Unfollow', zh: '取消关注' }} act={press(unfollow)} />
          ) : (
            <span />
          )}
        </div>
        <Chat />
        <Opened />
        {subscribed && <Foot />}
        {shown !== null && !subscribed && <FollowCard onFollow={press(follow)} />}
      </div>
      {isScanning.value && <ScanDialog onClose={() => (isScanning.value = false)} />}
      <FieldDialog />
    </div>
  );
}

function headline(): Text {
  if (isTyping.value) return { en: 'Typing…', zh: '对方正在输入…' };
  if (waiting.value) return { en: 'Waiting for the server…', zh: '等待服务器回复…' };
  const name = accountName.value;
  return name === '' ? { en: 'Your account', zh: '我的公众号' } : { en: name, zh: name };
}

/** How near to its end the chat has to be for it to follow new messages. */
const nearPixels = 80;
/** A new time is written after a pause of this length, as WeChat does. */
const pauseMs = 5 * 60_000;

function Chat() {
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const messages = chat.value?.messages ?? [];
  const lines = linesOf(person.value?.openid);
  useLayoutEffect(() => {
    const element = list.current;
    if (element !== null && follows.current) element.scrollTop = element.scrollHeight;
  });
  return (
    <div
      ref={list}
      class="chat"
      role="log"
      tabIndex={0}
      aria-label={say({ en: 'Chat', zh: '聊天记录' })}
      onScroll={({ currentTarget: element }) => {
        follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearPixels;
      }}
    >
      <ul>
        {messages.flatMap((message, index) => [
          ...linesBetween(lines, messages[index - 1], message).map((push) => (
            <PushLine key={`push-line-${push.id}`} push={push} />
          )),
          isAfterPause(messages[index - 1], message) && (
            <li key={`time-${message.id}`} class="system">
              {timeOfDay(message.at).slice(0, 5)}
            </li>
          ),
          <Message key={message.id} message={message} />,
        ])}
        {linesBetween(lines, messages.at(-1), undefined).map((push) => (
          <PushLine key={`push-line-${push.id}`} push={push} />
        ))}
      </ul>
    </div>
  );
}

function linesOf(openid: string | undefined): readonly PushView[] {
  return pushes.value.filter((push) => push.openid === openid && hasLine(push));
}

/** The lines that belong behind one message and before the next; `undefined` is the beginning, or the end. */
function linesBetween(
  lines: readonly PushView[],
  before: ChatMessage | undefined,
  after: ChatMessage | undefined,
): readonly PushView[] {
  return lines.filter(
    (push) => (before === undefined || !comesBefore(push, before)) && comesBefore(push, after),
  );
}

/** A reply comes behind its push, and what a person wrote before it. */
function comesBefore({ id, at }: PushView, message: ChatMessage | undefined): boolean {
  if (message === undefined) return true;
  if (message.push_id !== null)
    return message.from === 'person' ? id < message.push_id : id <= message.push_id;
  return at <= message.at;
}

function isAfterPause(before: ChatMessage | undefined, message: ChatMessage): boolean {
  return before === undefined || Date.parse(message.at) - Date.parse(before.at) > pauseMs;
}

function FollowCard({ onFollow }: { onFollow: () => void }) {
  return (
    <div class="follow">
      <p>{say({ en: 'This person does not follow the account', zh: '此用户尚未关注公众号' })}</p>
      <Button class="primary" text={{ en: 'Follow', zh: '关注公众号' }} act={onFollow} />
    </div>
  );
}

/** An account with a menu shows it first; the key on the left goes to the keyboard and back. */
const isWriting = signal(false);

function Foot() {
  const menu = chat.value?.menu ?? null;
  if (menu === null || menu.length === 0) {
    return (
      <div class="foot">
        <Composer />
      </div>
    );
  }
  const writes = isWriting.value;
  return (
    <div class="foot foot-switch">
      <button
        type="button"
        class="icon switch"
        aria-pressed={writes}
        aria-label={
          writes
            ? say({ en: 'Show the menu', zh: '切换到菜单' })
            : say({ en: 'Write a message instead', zh: '切换到输入' })
        }
        onClick={() => (isWriting.value = !writes)}
      >
        <span aria-hidden="true">{writes ? '☰' : '⌨'}</span>
      </button>
      <div class="foot-main">{writes ? <Composer /> : <MenuBar buttons={menu} />}</div>
    </div>
  );
}
