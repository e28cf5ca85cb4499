/** Message servers made with middlewares that other people wrote, each answering as a function says. */
import http from 'node:http';
import { createRequire } from 'node:module';
import { listening } from '../helpers/listening.ts';

const require = createRequire(import.meta.url);

/** What the libraries hand to their handlers, of which only this much is needed. */
export interface Message {
  readonly MsgType: string;
  readonly Event?: string;
  readonly EventKey?: string;
  readonly Content?: string;
  readonly MediaId?: string;
}

/** In the form that `wechat` and `co-wechat` share: a text, articles, or a type with its content. */
export type Reply =
  | string
  | readonly {
      readonly title: string;
      readonly description: string;
      readonly picUrl: string;
      readonly url: string;
    }[]
  | { readonly type: 'image' | 'voice'; readonly content: { readonly mediaId: string } }
  | {
      readonly type: 'music';
      readonly content: {
        readonly title: string;
        readonly description: string;
        readonly musicUrl: string;
        readonly hqMusicUrl: string;
        readonly thumbMediaId: string;
      };
    };

export type Answer = (message: Message) => Reply;

export interface ServerConfig {
  readonly token: string;
  readonly appid: string;
  readonly encodingAESKey: string;
}

export type MakeServer = (config: ServerConfig, answer: Answer) => http.RequestListener;

interface Express {
  (): Express & http.RequestListener;
  use(...parts: readonly unknown[]): void;
}
interface Koa {
  use(middleware: unknown): void;
  callback(): http.RequestListener;
}

/** npm: wechat, for connect and Express. */
export const withExpress: MakeServer = (config, answer) => {
  const express = require('express') as Express;
  const wechat = require('wechat') as (
    config: unknown,
    handle: (request: { readonly weixin: Message }, response: { reply(content: unknown): void }) => void,
  ) => unknown;
  const app = express();
  app.use(
    '/wechat',
    wechat(config, (request, response) => response.reply(answer(request.weixin))),
  );
  return app;
};

/** npm: co-wechat, for Koa. */
export const withKoa: MakeServer = (config, answer) => {
  const Koa = require('koa') as new () => Koa;
  const CoWechat = require('co-wechat') as new (config: unknown) => {
    middleware(handle: (message: Message) => Promise<unknown>): unknown;
  };
  const app = new Koa();
  app.use(new CoWechat(config).middleware(async (message) => await Promise.resolve(answer(message))));
  return app.callback();
};

interface EasyServer {
  withHandler(handle: (message: Message, next: unknown) => Promise<unknown>): void;
  serve(): Promise<{
    getStatusCode(): number;
    getHeaders(): http.OutgoingHttpHeaders;
    getBody(): unknown;
  }>;
}
interface EasyWechat {
  OfficialAccount: new (config: object) => { setRequest(request: unknown): void; getServer(): EasyServer };
  ServerRequest: { createFromIncomingMessage(request: http.IncomingMessage): Promise<unknown> };
}

/** npm: node-easywechat, for Node's own server. With a key it encrypts every reply, also that to a plain message. */
export const withEasyWechat: MakeServer = ({ token, appid, encodingAESKey }, answer) => {
  const { OfficialAccount, ServerRequest } = require('node-easywechat') as EasyWechat;
  const serve = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const app = new OfficialAccount({ app_id: appid, secret: '', token, aes_key: encodingAESKey });
    app.setRequest(await ServerRequest.createFromIncomingMessage(request));
    const server = app.getServer();
    server.withHandler(async (message) => await Promise.resolve(onTheWire(answer(message))));
    const answered = await server.serve();
    response.writeHead(answered.getStatusCode(), answered.getHeaders()).end(answered.getBody());
  };
  return (request, response) => {
    serve(request, response).catch(() => response.writeHead(500).end());
  };
};

/** The library takes the fields of the wire. */
function onTheWire(reply: Reply): unknown {
  if (typeof reply === 'string') return reply;
  if (!('type' in reply)) {
    const item = reply.map(({ title, description, picUrl, url }) => ({
      Title: title,
      Description: description,
      PicUrl: picUrl,
      Url: url,
    }));
    return { MsgType: 'news', ArticleCount: item.length, Articles: { item } };
  }
  if (reply.type === 'music') {
    const { title, description, musicUrl, hqMusicUrl, thumbMediaId } = reply.content;
    const Music = {
      Title: title,
      Description: description,
      MusicUrl: musicUrl,
      HQMusicUrl: hqMusicUrl,
      ThumbMediaId: thumbMediaId,
    };
    return { MsgType: 'music', Music };
  }
  const media = { MediaId: reply.content.mediaId };
  return { MsgType: reply.type, [reply.type === 'image' ? 'Image' : 'Voice']: media };
}

/** Its address, for the time of the test. */
export async function start(listener: http.RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(http.createServer(listener))}/wechat`;
}
