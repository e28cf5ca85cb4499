/** One message of the chat as WeChat shows it. */
import type { ComponentChild } from 'preact';
import type { ChatContent, ChatMessage } from '../../console-types.ts';
import { showPush } from '../panels.ts';
import { say } from '../words.ts';
import { send } from './actions.ts';
import { ArticleCards, Card, Picture } from './cards.tsx';
import { splitLinks, type TextPart } from './links.ts';

export function Message({ message }: { message: ChatMessage }): ComponentChild {
  const { from, content } = message;
  if (from === 'system' || content.type === 'unavailable' || content.type === 'notice') {
    return <SystemLine message={message} />;
  }
  const speaker = from === 'person' ? say({ en: 'You', zh: '你' }) : say({ en: 'Account', zh: '公众号' });
  const isWide = content.type === 'news';
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
        {message.origin === 'custom' && (
          <span class="origin">{say({ en: 'Customer message', zh: '客服消息' })}</span>
        )}
      </div>
    </li>
  );
}

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
      return <Picture address={content.pic_url} mediaId={content.media_id} />;
    case 'voice':
      return <Voice mediaId={content.media_id} recognition={content.recognition} />;
    case 'video':
    case 'shortvideo':
      return (
        <Card
          kind={content.type}
          title={content.title || say({ en: 'Video', zh: '视频' })}
          text={content.description}
          foot={content.media_id}
        />
      );
    case 'music':
      return (
        <Card
          kind="music"
          title={content.title}
          text={content.description}
          href={content.music_url || content.hq_music_url}
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
      return <Card kind="mini" title={content.title} text={content.pagepath} foot={content.appid} />;
    case 'msgmenu':
      return <MenuMessage content={content} />;
    case 'other':
      return <Card kind="other" title={content.name} text={JSON.stringify(content.fields)} />;
    case 'unavailable':
    case 'notice':
      return null;
  }
}

function linkOrText({ text, href, reply }: TextPart): ComponentChild {
  if (href !== undefined) {
    return (
      <a href={href} target="_blank" rel="noopener noreferrer">
        {text}
      </a>
    );
  }
  if (reply === undefined) return text;
  return (
    <button
      type="button"
      class="link"
      onClick={() => void send({ type: 'text', text: reply.text, msgmenu_id: reply.id })}
    >
      {text}
    </button>
  );
}

function Voice({ mediaId, recognition }: { mediaId: string; recognition: string | null }): ComponentChild {
  return (
    <div class="bubble voice" title={mediaId}>
      <span class="waves" aria-hidden="true" />
      <span>{say({ en: 'Voice', zh: '语音' })}</span>
      {recognition !== null && recognition !== '' && <p class="recognition">{recognition}</p>}
    </div>
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
