/** 扫一扫: one of the codes that were made, what a code says, or a picture of one. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Text } from '../../../../core/text/text.ts';
import type { QrCodeView } from '../../../control/types/index.ts';
import { isKnown, readState, state } from '../../live.ts';
import { Button, Hint } from '../../parts/box.tsx';
import { attempt, notify } from '../../parts/notice.ts';
import { dayAndTime, say } from '../../words.ts';
import { scan } from '../actions.ts';

export function ScanDialog({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    void attempt(readState);
  }, []);
  const finish = (code: { ticket: string } | { url: string }): void => {
    dialog.current?.close();
    void scan(code);
  };
  const codes = state.value?.qrcodes.newest.toReversed() ?? [];
  return (
    <dialog ref={dialog} class="scan" aria-labelledby="scan-title" onClose={onClose}>
      <h2 id="scan-title">{say({ en: 'Scan a code', zh: '扫一扫' })}</h2>
      <DropZone onRead={(url) => finish({ url })} />
      <h3>{say({ en: 'Codes of this account', zh: '本公众号的二维码' })}</h3>
      {isKnown.value && codes.length === 0 ? (
        <Hint
          text={{
            en: 'No codes yet: create one with "wechat-mp qr create --scene 123"',
            zh: '还没有二维码：请运行“wechat-mp qr create --scene 123”生成',
          }}
        />
      ) : (
        <ul class="codes">
          {codes.map((code) => (
            <Code key={code.ticket} code={code} onScan={() => finish({ ticket: code.ticket })} />
          ))}
        </ul>
      )}
      <div class="actions">
        <Button text={{ en: 'Cancel', zh: '取消' }} act={() => dialog.current?.close()} />
      </div>
    </dialog>
  );
}

function Code({ code, onScan }: { code: QrCodeView; onScan: () => void }) {
  const scene = code.scene_str ?? String(code.scene_id);
  return (
    <li>
      <span class="code-scene">{scene}</span>
      <span class="hint">{say(lifeOf(code))}</span>
      <Button
        text={{ en: 'Scan', zh: '扫描' }}
        name={{ en: `Scan ${scene}`, zh: `扫描 ${scene}` }}
        act={onScan}
      />
    </li>
  );
}

function lifeOf({ expired, permanent, expires_at: end }: QrCodeView): Text {
  if (expired) return { en: 'expired', zh: '已过期' };
  if (permanent || end === null) return { en: 'permanent', zh: '永久' };
  return { en: `until ${dayAndTime(end)}`, zh: `有效期至 ${dayAndTime(end)}` };
}

/** Takes a picture by dropping, pasting or choosing it. It is read here and goes nowhere. */
function DropZone({ onRead }: { onRead: (url: string) => void }) {
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const { readQrPicture } = await import('./qr-reader.ts');
    const url = await readQrPicture(file);
    if (url === undefined) {
      notify({ en: 'No readable code in this picture', zh: '图片中没有可识别的二维码' }, true);
    } else onRead(url);
  };
  return (
    <label
      class="drop"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void attempt(() => take(event.dataTransfer?.files[0]));
      }}
    >
      {say({
        en: 'Drop a picture of a code here, or click to choose one',
        zh: '把二维码图片拖到这里，或点击选择图片',
      })}
      <input
        class="sr"
        type="file"
        accept="image/*"
        onChange={(event) => void attempt(() => take(event.currentTarget.files?.[0]))}
      />
    </label>
  );
}
