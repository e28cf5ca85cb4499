/** Pictures, voices and films of a chat, from the simulator itself. What is gone or cannot be played says so. */
import type { ComponentChild } from 'preact';
import { useState } from 'preact/hooks';
import type { ChatContent, PictureAlbum } from '../../control/types/index.ts';
import { notify } from '../parts/notice.ts';
import { say } from '../words.ts';
import { Card } from './cards.tsx';
import { isLocalPicture } from './links.ts';
import { PhoneLink } from './dialogs/phone-link.tsx';
import { mediaAddress, Shown } from './shown.tsx';

/** A picture of this machine is shown; of any other only the address, since the page asks nobody else for anything. */
export function Picture({ content }: { content: ChatContent & { type: 'image' } }): ComponentChild {
  const { media_url: own, pic_url: address, media_id: mediaId } = content;
  const alt = say({ en: 'Picture', zh: '图片' });
  const src = mediaAddress(own) ?? (address !== null && isLocalPicture(address) ? address : null);
  return (
    <Shown class="picture" src={src} alt={alt}>
      <div class="picture picture-empty">
        <span class="picture-sign" aria-hidden="true" />
        {address === null ? <span>{alt}</span> : <PhoneLink href={address}>{alt}</PhoneLink>}
        {mediaId !== '' && <span class="mono clip">{mediaId}</span>}
      </div>
    </Shown>
  );
}

export function Album({ content }: { content: PictureAlbum }): ComponentChild {
  return (
    <div class="bubble album">
      <div class="album-pictures">
        {content.pictures.map(({ media_url: own }, index) => (
          <Shown
            key={index}
            src={mediaAddress(own)}
            alt={say({ en: `Picture ${index + 1}`, zh: `图片 ${index + 1}` })}
          >
            <span class="picture-sign" role="img" aria-label={say({ en: 'Picture', zh: '图片' })} />
          </Shown>
        ))}
      </div>
      {content.text !== '' && <p>{content.text}</p>}
    </div>
  );
}

export function Voice({ content }: { content: ChatContent & { type: 'voice' } }): ComponentChild {
  const { media_url: own, media_id: mediaId, recognition } = content;
  const address = mediaAddress(own);
  const sign = (
    <>
      <span class="waves" aria-hidden="true" />
      <span>{say({ en: 'Voice', zh: '语音' })}</span>
    </>
  );
  return (
    <div class="bubble voice" title={mediaId}>
      {address === null ? (
        sign
      ) : (
        <button type="button" class="play" onClick={() => void play(address)}>
          {sign}
        </button>
      )}
      {recognition !== null && recognition !== '' && <p class="recognition">{recognition}</p>}
    </div>
  );
}

async function play(address: string): Promise<void> {
  try {
    await new Audio(address).play();
  } catch {
    // Quirk: WeChat records AMR, which no browser plays.
    notify({ en: 'The browser cannot play this voice', zh: '浏览器无法播放该语音（如 AMR 格式）' }, true);
  }
}

export function Film({
  content,
}: {
  content: ChatContent & { type: 'video' | 'shortvideo' };
}): ComponentChild {
  const { type, title, description, media_url: own, thumb_url: thumb, media_id: mediaId } = content;
  const [failed, setFailed] = useState(false);
  const address = mediaAddress(own);
  const name = title === '' ? say({ en: 'Video', zh: '视频' }) : title;
  if (address === null || failed) {
    return <Card kind={type} title={name} text={description} foot={mediaId} thumb={mediaAddress(thumb)} />;
  }
  return (
    <div class="film">
      <video
        controls
        preload="metadata"
        aria-label={name}
        src={address}
        poster={mediaAddress(thumb) ?? undefined}
        onError={() => setFailed(true)}
      />
      {(title !== '' || description !== '') && (
        <p class="card-words">
          <span class="card-title">{title}</span>
          <span class="card-text">{description}</span>
        </p>
      )}
    </div>
  );
}
