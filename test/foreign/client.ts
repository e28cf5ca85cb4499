/** What the tests ask of every client library: the calls of `clients.test.ts`, in the words of the platform. */
import type { Simulator } from '../../src/library/types.ts';

export interface Client {
  /** Fetches a token and keeps it, as the library does before the first call. */
  token(): Promise<string>;
  createMenu(menu: object): Promise<unknown>;
  menu(): Promise<unknown>;
  liveMenu(): Promise<unknown>;
  deleteMenu(): Promise<unknown>;
  addConditionalMenu(menu: object): Promise<unknown>;
  tryMenu(userId: string): Promise<unknown>;
  deleteConditionalMenu(menuId: string): Promise<unknown>;
  /** A number or a string decides on the kind of the scene. */
  temporaryCode(scene: number | string, expireSeconds: number): Promise<unknown>;
  permanentCode(scene: number | string): Promise<unknown>;
  /** Where the library says that the picture is. */
  codePicture(ticket: string): string;
  jsapiTicket(): Promise<string>;
  jssdkConfig(url: string): Promise<JssdkConfig>;
  followers(): Promise<unknown>;
  user(openid: string): Promise<unknown>;
  users(openids: readonly string[]): Promise<unknown>;
  remark(openid: string, remark: string): Promise<unknown>;
  createTag(name: string): Promise<unknown>;
  tags(): Promise<unknown>;
  renameTag(id: number, name: string): Promise<unknown>;
  deleteTag(id: number): Promise<unknown>;
  tag(id: number, openids: readonly string[]): Promise<unknown>;
  untag(id: number, openids: readonly string[]): Promise<unknown>;
  taggedUsers(id: number): Promise<unknown>;
  tagsOf(openid: string): Promise<unknown>;
  sendText(openid: string, text: string): Promise<unknown>;
  sendImage(openid: string, mediaId: string): Promise<unknown>;
  sendMusic(openid: string, music: object): Promise<unknown>;
  sendNews(openid: string, articles: readonly object[]): Promise<unknown>;
  callbackIps(): Promise<unknown>;
  uploadMedia(file: string, type: string): Promise<unknown>;
  media(mediaId: string): Promise<Uint8Array>;
  uploadArticlePicture(file: string): Promise<unknown>;
  addMaterial(file: string, type: string): Promise<unknown>;
  material(mediaId: string): Promise<Uint8Array>;
  materials(type: string, offset: number, count: number): Promise<unknown>;
  materialCount(): Promise<unknown>;
  deleteMaterial(mediaId: string): Promise<unknown>;
  addTemplate(shortId: string): Promise<unknown>;
  templates(): Promise<unknown>;
  sendTemplate(openid: string, templateId: string, url: string, data: object): Promise<unknown>;
  deleteTemplate(templateId: string): Promise<unknown>;
  massText(text: string, tagId: number): Promise<unknown>;
  previewText(openid: string, text: string): Promise<unknown>;
  /** 获取累计用户数据; co-wechat-api has a fixed address there. */
  figures?(begin: string, end: string): Promise<unknown>;
  /** 获取公众号的自动回复规则; wechat-api does not know it. */
  autoReplies?(): Promise<unknown>;
}

export interface JssdkConfig {
  readonly appId: string;
  readonly timestamp: string | number;
  readonly nonceStr: string;
  readonly signature: string;
}

/** Points a library at a simulator; `folder` is for what it keeps on disk. */
export type CreateClient = (simulator: Simulator, folder: string) => Client;

/** What every library makes of an errcode, in one form. */
export class PlatformRefusal extends Error {
  override readonly name = 'PlatformRefusal';
  readonly errcode: number;

  constructor(errcode: number, errmsg: string) {
    super(errmsg);
    this.errcode = errcode;
  }
}

/** Throws for an answer with an errcode, for a library that leaves that to its caller. */
export function judge(answer: unknown): unknown {
  const { errcode = 0, errmsg = '' } = answer as { readonly errcode?: number; readonly errmsg?: string };
  if (errcode !== 0) throw new PlatformRefusal(errcode, errmsg);
  return answer;
}

/** The same for a download, where an errcode comes as bytes. */
export function judgeBytes(content: unknown): Uint8Array {
  const bytes = content as Uint8Array;
  if (bytes[0] === '{'.charCodeAt(0)) judge(JSON.parse(Buffer.from(bytes).toString('utf8')));
  return bytes;
}
