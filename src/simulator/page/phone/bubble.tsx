/** One message of the chat as WeChat shows it: words, cards, and the pictures, voices and films of the simulator itself. */
import { useState } from 'preact/hooks';
import type { Text } from '../../../core/text/text.ts';
import type { ChatContent, ChatMessage, PictureAlbum } from '../../control/types/index.ts';
import { accountName, accountPicture } from '../live.ts';
import { Button, Hint } from '../parts/box.tsx';
import { notify } from '../parts/notice.ts';
import { mediaAddress, Shown } from '../parts/shown.tsx';
import { showPush } from '../panels.ts';
import { say } from '../words.ts';
import { send } from './actions.ts';
import { ArticleCards, Card, TemplateMessage } from './cards.tsx';
import { PhoneLink } from './dialogs/phone-link.tsx';
import { isLocalPicture, splitLinks, type TextPart } from './links.ts';

export function Message({ message }: { message: ChatMessage }) {
  const { from, content } = message;
  if (from === 'system' || content.type === 'unavailable' || content.type === 'notice') {
    return <SystemLine message={message} />;
  }
  const account = accountName.value || say({ en: 'Account', zh: '公众号' });
  const speaker = from === 'person' ? say({ en: 'You', zh: '你' }) : account;
  const isWide = content.type === 'news' || content.type === 'template';
  const origin = origins[message.origin];
  return (
    <li class={`message from-${from}${isWide ? ' wide' : ''}`} data-type={content.type}>
      <span class="sr">{speaker}</span>
      {!isWide && (
        <span class="avatar" aria-hidden="true">
          {from === 'person' ? say({ en: 'Me', zh: '我' }) : <AccountPicture />}
        </span>
      )}
      <div class="bubble-side">
        <Content content={content} fromAccount={from === 'account'} />
        {origin !== undefined && <span class="origin">{say(origin)}</span>}
      </div>
    </li>
  );
}

/** The picture of the account, else the beginning of its name. */
function AccountPicture() {
  const [first = say({ en: 'OA', zh: '号' })] = accountName.value;
  return (
    <Shown src={mediaAddress(accountPicture.value)} alt="">
      {first}
    </Shown>
  );
}

/** How an account's message came, where that is not plain. */
const origins: Readonly<Partial<Record<ChatMessage['origin'], Text>>> = {
  custom: { en: 'Customer message', zh: '客服消息' },
  service: { en: 'Customer service', zh: '人工客服' },
  template: { en: 'Template message', zh: '模板消息' },
  mass: { en: 'Mass message', zh: '群发消息' },
  autoreply: { en: 'Automatic reply', zh: '自动回复' },
};

/** The grey line in the middle; a fault carries its reason and leads to the push. */
function SystemLine({ message }: { message: ChatMessage }) {
  const { content, push_id: pushId } = message;
  if (content.type === 'notice') return <li class="system">{say(content.text)}</li>;
  if (content.type !== 'unavailable') {
    return (
      <li class="system">
        <Content content={content} fromAccount={false} />
      </li>
    );
  }
  return (
    <li class="system fault" data-type="unavailable">
      <p>{content.text}</p>
      <div class="fault-reason">
        <p>{say(content.reason)}</p>
        {content.hint !== null && <Hint text={content.hint} />}
        {pushId !== null && (
          <Button
            class="link"
            text={{ en: 'Show the push', zh: '查看推送详情' }}
            act={() => showPush(pushId)}
          />
        )}
      </div>
    </li>
  );
}

function Content({ content, fromAccount }: { content: ChatContent; fromAccount: boolean }) {
  switch (content.type) {
    case 'text':
      return <p class="bubble">{fromAccount ? splitLinks(content.text).map(linkOrText) : content.text}</p>;
    case 'image':
      return <Picture content={content} />;
    case 'album':
      return <Album content={content} />;
    case 'voice':
      return <Voice content={content} />;
    case 'video':
    case 'shortvideo':
      return <Film content={content} />;
    case 'music':
      return (
        <Card
          kind="music"
          title={content.title}
          text={content.description}
          href={content.music_url || content.hq_music_url}
          thumb={mediaAddress(content.thumb_url)}
        />
      );
    case 'location':
      return (
        <Card
          kind="location"
          title={content.label || say({ en: 'Location', zh: '位置' })}
          text={`${content.latitude}, ${content.longitude}`}
        />
      );
    case 'link':
      return <Card kind="link" title={content.title} text={content.description} href={content.url} />;
    case 'news':
      return <ArticleCards articles={content.articles} />;
    case 'miniprogrampage':
      return (
        <Card
          kind="mini"
          title={content.title}
          text={content.pagepath}
          foot={content.appid}
          thumb={mediaAddress(content.thumb_url)}
        />
      );
    case 'template':
      return <TemplateMessage content={content} />;
    case 'msgmenu':
      return <MenuMessage content={content} />;
    case 'other':
      return <Card kind="other" title={content.name} text={JSON.stringify(content.fields)} />;
    case 'unavailable':
    case 'notice':
      return null;
  }
}

function linkOrText({ text, href, sends }: TextPart) {
  if (href !== undefined) return <PhoneLink href={href}>{text}</PhoneLink>;
  if (sends === undefined) return text;
  return (
    <button
      type="button"
      class="link"
      onClick={() => void send({ type: 'text', text: sends.text, msgmenu_id: sends.id })}
    >
      {text}
    </button>
  );
}

function MenuMessage({ content }: { content: ChatContent & { type: 'msgmenu' } }) {
  return (
    <div class="bubble">
      {content.head !== '' && <p>{content.head}</p>}
      <ul class="msgmenu">
        {content.list.map((item) => (
          <li key={item.id}>
            <button
              type="button"
              class="link"
              onClick={() => void send({ type: 'text', text: item.content, msgmenu_id: item.id })}
            >
              {item.content}
            </button>
          </li>
        ))}
      </ul>
      {content.tail !== '' && <p>{content.tail}</p>}
    </div>
  );
}

/** A picture of this machine is shown; of any other only the address, since the page asks nobody else for anything. */
function Picture({ content }: { content: ChatContent & { type: 'image' } }) {
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

function Album({ content }: { content: PictureAlbum }) {
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

function Voice({ content }: { content: ChatContent & { type: 'voice' } }) {
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

/** What is gone or cannot be played says so. */
function Film({ content }: { content: ChatContent & { type: 'video' | 'shortvideo' } }) {
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
