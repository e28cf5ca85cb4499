/** What has been done since the start, as a test to be pasted. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { SavedTest } from '../../control/types/index.ts';
import { readControl } from '../control.ts';
import { Button } from '../parts/box.tsx';
import { copyText } from '../parts/code.tsx';
import { attempt } from '../parts/notice.ts';
import { useRead } from '../parts/read.ts';
import { say } from '../words.ts';

export function SaveTest({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const saved = useRead(() => readControl<SavedTest>('test'), []);
  /** A test that can be run has to have its secrets. */
  const copy = async (): Promise<void> => {
    await attempt(async () => copyText((await readControl<SavedTest>('test?secrets=show')).code));
    dialog.current?.close();
  };
  const isEmpty = saved?.steps === 0;
  return (
    <dialog ref={dialog} class="save-test" aria-labelledby="save-test-title" onClose={onClose}>
      <h2 id="save-test-title">{say({ en: 'Save as a test', zh: '保存为测试' })}</h2>
      <p class="hint">
        {isEmpty
          ? say({
              en: 'Nothing to save yet: follow, write or tap on the phone first',
              zh: '还没有可保存的操作：请先在手机上关注、发消息或点击菜单',
            })
          : say({
              en: 'Everything done since the start, as a test for Vitest. Each step expects the reply it got this time',
              zh: '启动以来的全部操作，可直接粘贴到 Vitest；每一步都以本次收到的回复作为预期',
            })}
      </p>
      {saved !== null && !isEmpty && (
        <pre tabIndex={0} role="region" aria-label={say({ en: 'Test code', zh: '测试代码' })}>
          {saved.code}
        </pre>
      )}
      <div class="actions">
        <Button text={{ en: 'Close', zh: '关闭' }} act={() => dialog.current?.close()} />
        <Button
          class="primary"
          text={{ en: 'Copy the test', zh: '复制测试代码' }}
          disabled={saved === null || isEmpty}
          act={() => copy()}
        />
      </div>
    </dialog>
  );
}
