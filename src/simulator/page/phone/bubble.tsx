/** One message of the chat as WeChat shows it. */
import type { ComponentChild } from 'preact';
import type { Text } from '../../../core/text/text.ts';
import type { ChatContent, ChatMessage } from '../../control/types/index.ts';
import { showPush } from '../panels.ts';
import { say } from '../words.ts';
import { send } from './actions.ts';
import { ArticleCards, Card, TemplateMessage } from './cards.tsx';
import { splitLinks, type TextPart } from './links.ts';
import { Album, Film, Picture, Voice } from './media.tsx';
import { PhoneLink } from './dialogs/phone-link.tsx';
import { mediaAddress } from './shown.tsx';

export function Message({ message }: { message: ChatMessage }): ComponentChild {
  const { from, content } = message;
  if (from === 'system' || content.type === 'unavailable' || content.type === 'notice') {
    return <SystemLine message={message} />;
  }
  const speaker = from === 'person' ? say({ en: 'You', zh: '你' }) : say({ en: 'Account', zh: '公众号' });
  const isWide = content.type === 'news' || content.type === 'template';
  const origin = origins[message.origin];
  return (
    <li class={`message from-${from}${isWide ? ' wide' : ''}`} data-type={content.type}>
      <span class="sr">{speaker}</span>
      {!isWide && (
        <span class="avatar" aria-hidden="true">
          {from === 'person' ? say({ en: 'Me', zh: '我' }) : say({ en: 'OA', zh: '号' })}
        </span>
      )}
      <div class="bubble-side">
        <Content content={content} fromAccount={from === 'account'} />
        {origin !== undefined && <span class="origin">{say(origin)}</span>}
      </div>
    </li>
  );
}

/** How an account's message came, where that is not plain. */
const origins: Readonly<Partial<Record<ChatMessage['origin'], Text>>> = {
  custom: { en: 'Customer message', zh: '客服消息' },
  template: { en: 'Template message', zh: '模板消息' },
  mass: { en: 'Mass message', zh: '群发消息' },
  autoreply: { en: 'Automatic reply', zh: '自动回复' },
};

/** The grey line in the middle; a fault carries its reason and leads to the push. */
function SystemLine({ message }: { message: ChatMessage }): ComponentChild {
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
        {content.hint !== null && <p class="hint">{say(content.hint)}</p>}
        {pushId !== null && (
          <button type="button" class="link" onClick={() => showPush(pushId)}>
            {say({ en: 'Show the push', zh: '查看推送详情' })}
          </button>
        )}
      </div>
    </li>
  );
}

function Content({ content, fromAccount }: { content: ChatContent; fromAccount: boolean }): ComponentChild {
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

function linkOrText({ text, href, sends }: TextPart): ComponentChild {
  if (href !== undefined) {
    return <PhoneLink href={href}>{text}</PhoneLink>;
  }
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

function MenuMessage({ content }: { content: ChatContent & { type: 'msgmenu' } }): ComponentChild {
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
