/** 群发: messages to a tag, to a list or to all, their state and speed, and what is uploaded for them. */
import { isObject, own } from '../../../core/text/json-value.ts';
import { articleAddress } from '../draft/article.ts';
import { createAdder, ok, type ApiApp, type Call } from '../../server/endpoint.ts';
import type { Follower } from '../user/follower.ts';
import { parseMassMessage } from './content.ts';
import { mediaPath } from '../media/answers.ts';
import { requireMedium } from '../media/chat.ts';
import { findPerson } from '../user/people.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import { wireText } from '../template/text.ts';

const minOpenIds = 2;
const maxOpenIds = 10_000;
const callsAMinute = 60;
/** Units of 10,000 a minute, by the speed from 0. */
const realSpeeds = [80, 60, 45, 30, 10];

type Body = Readonly<Record<string, unknown>>;

export function addMassRoutes(app: ApiApp, platform: Platform): void {
  const add = createAdder(app, platform);
  add('POST', 'message/mass/sendall', (call) => {
    const filter = own(call.json(), 'filter');
    return send(platform, call, own(filter, 'is_to_all') === true, audienceOf(platform, filter));
  });
  add('POST', 'message/mass/send', (call) =>
    send(platform, call, false, listed(platform, own(call.json(), 'touser'))),
  );
  add('POST', 'message/mass/preview', (call) => preview(platform, call));
  addJobRoutes(add, platform);
  addUploadRoutes(add, platform);
}

type Add = ReturnType<typeof createAdder>;

/** Everybody, or everybody with the tag. Throws 40035 for neither, 45159 for a tag that is none. */
function audienceOf({ followers, tags }: Platform, filter: unknown): readonly Follower[] {
  if (!isObject(filter)) throw new Refusal(40035);
  const isToAll = own(filter, 'is_to_all');
  if (isToAll === true) return followers.following();
  if (isToAll !== undefined && isToAll !== false) throw new Refusal(40035);
  const tagId = own(filter, 'tag_id') ?? own(filter, 'group_id');
  if (tagId === undefined) throw new Refusal(40035);
  const id = tags.check(tagId);
  return followers.following().filter(({ tagIds }) => tagIds.includes(id));
}

/** Throws 40130, 40032, or 40003 for an openid that is none of the account's. */
function listed({ followers }: Platform, list: unknown): readonly Follower[] {
  if (!Array.isArray(list) || list.length < minOpenIds) throw new Refusal(40130);
  if (list.length > maxOpenIds) throw new Refusal(40032);
  return [...new Set<unknown>(list)].map((openId) => findPerson(followers, openId));
}

function send(platform: Platform, call: Call, isToAll: boolean, audience: readonly Follower[]): Body {
  const body = call.json();
  const message = parseMassMessage(body, { platform, origin: call.origin });
  const clientId = wireText(body, 'clientmsgid');
  platform.quota.countMinute('message/mass', callsAMinute);
  const { msgId, dataId } = platform.mass.send({
    message: { ...message, articleUrls: message.articles.map((each) => articleAddress(call.origin, each)) },
    clientId: clientId === '' ? undefined : clientId,
    audience,
    isToAll,
    ignoresReprint: own(body, 'send_ignore_reprint') === 1,
  });
  platform.massUploads.keepSent(message.articles);
  return { errcode: 0, errmsg: 'send job submission success', msg_id: msgId, msg_data_id: dataId };
}

/** Quirk: `towxname` (微信号) comes before `touser`. */
function preview(platform: Platform, call: Call): Body {
  const { followers, chats, mass, massUploads } = platform;
  const body = call.json();
  const weChatId = wireText(body, 'towxname');
  const person =
    weChatId === '' ? findPerson(followers, own(body, 'touser')) : followers.findByAnyId(weChatId);
  if (person === undefined) throw new Refusal(40132);
  if (!person.follows) throw new Refusal(43004);
  if (person.isBlacklisted) throw new Refusal(43019);
  const { content, articles } = parseMassMessage(body, { platform, origin: call.origin });
  massUploads.keepSent(articles);
  chats.add(person.openId, { from: 'account', origin: 'mass', push_id: null, content });
  return { errcode: 0, errmsg: 'preview success', msg_id: mass.nextPreviewId() };
}

function addJobRoutes(add: Add, platform: Platform): void {
  add('POST', 'message/mass/get', (call) => {
    const { msgId, state } = platform.mass.find(own(call.json(), 'msg_id'));
    return { msg_id: msgId, msg_status: state };
  });
  add('POST', 'message/mass/delete', (call) => {
    remove(platform, call.json());
    return ok;
  });
  add('POST', 'message/mass/speed/get', () => {
    const speed = platform.mass.speed();
    return { speed, realspeed: realSpeeds[speed] };
  });
  add('POST', 'message/mass/speed/set', (call) => {
    platform.mass.setSpeed(own(call.json(), 'speed'));
    return ok;
  });
}

/** Quirk: the message stays in the chats; the pages of its articles go. */
function remove({ mass, massUploads }: Platform, body: Body): void {
  const [id, url] = [own(body, 'msg_id'), wireText(body, 'url')];
  const job = (id === undefined ? mass.findByUrl(url) : undefined) ?? mass.find(id);
  const index = own(body, 'article_idx') ?? 0;
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0) throw new Refusal(40060);
  mass.remove(job, index);
  massUploads.dropSent(index === 0 ? job.articleUrls : job.articleUrls.slice(index - 1, index));
}

function addUploadRoutes(add: Add, platform: Platform): void {
  add('POST', 'media/uploadnews', (call) => {
    const { mediaId, atMs } = platform.massUploads.addArticles(own(call.json(), 'articles'));
    return { type: 'news', media_id: mediaId, created_at: createdAt(atMs) };
  });
  add('POST', 'media/uploadvideo', (call) => {
    const body = call.json();
    const medium = requireMedium(platform, own(body, 'media_id'), ['video']);
    const { mediaId, atMs } = platform.massUploads.addVideo({
      type: 'video',
      media_id: medium.mediaId,
      title: wireText(body, 'title'),
      description: wireText(body, 'description'),
      media_url: mediaPath(medium),
      thumb_url: null,
    });
    return { type: 'video', media_id: mediaId, created_at: createdAt(atMs) };
  });
}

function createdAt(atMs: number): number {
  return Math.floor(atMs / 1000);
}
