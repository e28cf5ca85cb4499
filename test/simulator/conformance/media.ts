import type { Simulated } from '../simulated.ts';
import { addCover, addDraft, article, jpg, mp4, post, publish, upload } from '../uploads.ts';
import type { Samples } from './sample.ts';

const paged = { offset: 0, count: 20 };

/** Calls something of the comment that `o1` has written under a published article, and to which the account has replied. */
const comment =
  (name: string, body: object = {}, replies = true) =>
  async (world: Simulated): Promise<unknown> => {
    const { submitted } = await publish(world, await addDraft(world, { need_open_comment: 1 }));
    const named = { msg_data_id: Number(submitted['msg_data_id']), index: 0 };
    await world.ask('POST', '/_ctl/phone/o1/comment', { ...named, content: '好文' });
    const first = { ...named, user_comment_id: 1 };
    await post(world, '/cgi-bin/comment/markelect', first);
    if (replies) await post(world, '/cgi-bin/comment/reply/add', { ...first, content: '谢谢' });
    return post(world, `/cgi-bin/comment/${name}`, { ...first, ...body });
  };

/** Media, drafts, publications and comments. */
export const mediaSamples: Samples = {
  '/cgi-bin/media/upload': {
    call: (world) => upload(world, '/cgi-bin/media/upload?type=image', { name: 'a.jpg', bytes: jpg() }),
  },
  // The example is that of a video; of anything else the content comes.
  '/cgi-bin/media/get': {
    call: async (world) => {
      const file = { name: 'a.mp4', bytes: mp4() };
      const { media_id: id } = await upload(world, '/cgi-bin/media/upload?type=video', file);
      return world.ask('GET', await world.path(`/cgi-bin/media/get?media_id=${id}`));
    },
  },
  '/cgi-bin/media/get/jssdk': { isBinary: true },
  '/cgi-bin/comment/open': { call: comment('open') },
  '/cgi-bin/comment/close': { call: comment('close') },
  '/cgi-bin/comment/list': { call: comment('list', { begin: 0, count: 50, type: 0 }) },
  '/cgi-bin/comment/markelect': { call: comment('markelect') },
  '/cgi-bin/comment/unmarkelect': { call: comment('unmarkelect') },
  '/cgi-bin/comment/delete': { call: comment('delete') },
  '/cgi-bin/comment/reply/add': { call: comment('reply/add', { content: '谢谢' }, false) },
  '/cgi-bin/comment/reply/delete': { call: comment('reply/delete') },
  '/cgi-bin/media/uploadimg': {
    call: (world) => upload(world, '/cgi-bin/media/uploadimg', { name: 'a.jpg', bytes: jpg() }),
  },
  '/cgi-bin/material/add_material': {
    call: (world) =>
      upload(world, '/cgi-bin/material/add_material?type=image', { name: 'a.jpg', bytes: jpg() }),
  },
  // The example is the bare "ok" of an endpoint that answers nothing; this one answers the content.
  '/cgi-bin/material/get_material': { isBinary: true },
  '/cgi-bin/material/del_material': {
    call: async (world) => post(world, '/cgi-bin/material/del_material', { media_id: await addCover(world) }),
  },
  '/cgi-bin/material/get_materialcount': {},
  '/cgi-bin/material/batchget_material': { before: addCover, body: { type: 'image', ...paged } },
  '/cgi-bin/draft/switch': { query: '?checkonly=1' },
  '/cgi-bin/draft/add': {
    call: async (world) => post(world, '/cgi-bin/draft/add', { articles: [article(await addCover(world))] }),
  },
  '/cgi-bin/draft/get': {
    call: async (world) => post(world, '/cgi-bin/draft/get', { media_id: await addDraft(world) }),
  },
  '/cgi-bin/draft/update': {
    call: async (world) => {
      const media_id = await addDraft(world);
      const articles = article(await addCover(world));
      return post(world, '/cgi-bin/draft/update', { media_id, index: 0, articles });
    },
  },
  '/cgi-bin/draft/delete': {
    call: async (world) => post(world, '/cgi-bin/draft/delete', { media_id: await addDraft(world) }),
  },
  '/cgi-bin/draft/count': {},
  '/cgi-bin/draft/batchget': { before: addDraft, body: paged },
  '/cgi-bin/freepublish/submit': {
    call: async (world) => (await publish(world, await addDraft(world))).submitted,
  },
  '/cgi-bin/freepublish/get': {
    call: async (world) => (await publish(world, await addDraft(world))).status,
  },
  '/cgi-bin/freepublish/getarticle': {
    call: async (world) => {
      const { articleId } = await publish(world, await addDraft(world));
      return post(world, '/cgi-bin/freepublish/getarticle', { article_id: articleId });
    },
  },
  '/cgi-bin/freepublish/delete': {
    call: async (world) => {
      const { articleId } = await publish(world, await addDraft(world));
      return post(world, '/cgi-bin/freepublish/delete', { article_id: articleId, index: 1 });
    },
  },
  '/cgi-bin/freepublish/batchget': {
    before: async (world) => publish(world, await addDraft(world)),
    body: paged,
  },
};
