/** 头像 of the account: a file of the person's, cut to a small square before it is sent. */
import { postControl } from '../control.ts';
import { accountPicture, settings } from '../live.ts';
import { Button } from '../parts/box.tsx';
import { readDataUrl } from '../parts/form.tsx';
import { attempt, notify } from '../parts/notice.ts';
import { mediaAddress, Shown } from '../parts/shown.tsx';
import { say } from '../words.ts';

export function PictureField() {
  const address = mediaAddress(accountPicture.value);
  return (
    <div class="field" role="group" aria-labelledby="picture-label">
      <span id="picture-label" class="field-name">
        {say({ en: 'Picture', zh: '头像' })}
      </span>
      <div class="account-picture">
        <Shown src={address} alt={say({ en: 'Picture of the account', zh: '公众号头像' })} />
        <label class="upload">
          {address === null
            ? say({ en: 'Choose a picture', zh: '选择图片' })
            : say({ en: 'Choose another', zh: '更换图片' })}
          <input
            class="sr"
            type="file"
            accept="image/*"
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? [];
              currentTarget.value = '';
              if (file !== undefined) void attempt(() => choose(file));
            }}
          />
        </label>
        {address !== null && <Button text={{ en: 'Remove', zh: '移除' }} act={() => save(null)} />}
      </div>
    </div>
  );
}

async function choose(file: Blob): Promise<void> {
  const picture = await squareOf(file);
  if (picture !== undefined) await save(picture);
  else notify({ en: 'The browser cannot read this file as a picture', zh: '浏览器无法识别该图片' }, true);
}

async function save(picture: string | null): Promise<void> {
  settings.value = await postControl<Readonly<Record<string, unknown>>>('settings', { picture });
  notify({ en: 'Saved', zh: '已保存' });
}

/** The largest size of a head image that WeChat's own pages load. */
const side = 132;

/** The middle of the picture as a PNG in a data URL, or `undefined` for a file that is none. */
async function squareOf(file: Blob): Promise<string | undefined> {
  const picture = await createImageBitmap(file).catch(() => undefined);
  const canvas = new OffscreenCanvas(side, side);
  const drawing = canvas.getContext('2d');
  if (picture === undefined || drawing === null) return undefined;
  const { width, height } = picture;
  const cut = Math.min(width, height);
  drawing.drawImage(picture, (width - cut) / 2, (height - cut) / 2, cut, cut, 0, 0, side, side);
  return await readDataUrl(await canvas.convertToBlob());
}
