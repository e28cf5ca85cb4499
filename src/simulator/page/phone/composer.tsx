/** Where the person writes. */
import { signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { loaded } from '../parts/loaded.tsx';
import { say } from '../words.ts';
import { send } from './actions.ts';

const draft = signal('');
const isMoreOpen = signal(false);
const MoreKinds = loaded(async () => (await import('./kinds.tsx')).Kinds);

export function Composer() {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = draft.value;
    if (text.trim() === '') return;
    draft.value = '';
    void send({ type: 'text', text }).then((sent) => {
      if (!sent && draft.value === '') draft.value = text;
    });
  };
  const more = useRef<HTMLButtonElement>(null);
  const choose = (): void => {
    isMoreOpen.value = false;
    // A dialog gives the focus back to where it was, and what was pressed is gone.
    more.current?.focus();
  };
  return (
    <>
      <form class="composer" onSubmit={submit}>
        <input
          type="text"
          aria-label={say({ en: 'Message', zh: '消息' })}
          placeholder={say({ en: 'Write a message', zh: '输入消息' })}
          value={draft.value}
          onInput={(event) => (draft.value = event.currentTarget.value)}
          autocomplete="off"
        />
        {draft.value.trim() === '' ? (
          <button
            ref={more}
            type="button"
            class="icon round"
            aria-expanded={isMoreOpen.value}
            aria-label={say({ en: 'More message types', zh: '更多消息类型' })}
            onClick={() => (isMoreOpen.value = !isMoreOpen.value)}
          >
            +
          </button>
        ) : (
          <button type="submit" class="primary">
            {say({ en: 'Send', zh: '发送' })}
          </button>
        )}
      </form>
      {isMoreOpen.value && <MoreKinds onChoose={choose} />}
    </>
  );
}
