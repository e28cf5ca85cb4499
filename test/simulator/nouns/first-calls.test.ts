/** In a file of its own: here no noun has been loaded by another test. */
import { expect, test } from 'vitest';
import { simulate } from '../simulated.ts';

type Call = readonly [method: string, path: string, body?: object];

/** Of most nouns, and what is no call. */
const calls: readonly Call[] = [
  ['GET', '/cgi-bin/menu/get'],
  ['POST', '/cgi-bin/qrcode/create', { action_name: 'QR_SCENE', action_info: { scene: { scene_id: 1 } } }],
  ['POST', '/cgi-bin/shorten/gen', { long_data: 'a', expire_seconds: 60 }],
  ['GET', '/cgi-bin/user/get'],
  ['POST', '/cgi-bin/tags/create', { tag: { name: 'A' } }],
  ['POST', '/cgi-bin/user/tag/get', { tagid: 100 }],
  ['POST', '/cgi-bin/message/custom/send', { touser: 'oNobody', msgtype: 'text', text: { content: 'a' } }],
  ['GET', '/cgi-bin/template/get_industry'],
  ['GET', '/wxaapi/newtmpl/getcategory'],
  ['POST', '/cgi-bin/message/mass/speed/get', {}],
  ['GET', '/cgi-bin/get_current_autoreply_info'],
  ['POST', '/datacube/getusersummary', { begin_date: '2026-01-10', end_date: '2026-01-12' }],
  ['GET', '/cgi-bin/customservice/getkflist'],
  ['GET', '/customservice/kfsession/getwaitcase'],
  ['GET', '/cgi-bin/material/get_materialcount'],
  ['GET', '/cgi-bin/draft/count'],
  ['POST', '/cgi-bin/freepublish/batchget', { offset: 0, count: 1 }],
  ['POST', '/cgi-bin/comment/list', { msg_data_id: 1, index: 0, begin: 0, count: 1, type: 0 }],
  ['POST', '/cgi-bin/openapi/quota/get', { cgi_path: '/cgi-bin/menu/create' }],
  ['GET', '/cgi-bin/getcallbackip'],
  ['GET', '/sns/auth?openid=o'],
  ['GET', '/cgi-bin/showqrcode?ticket=t'],
  ['GET', '/cgi-bin/nonsense'],
];

/** Ids of requests are drawn in the order of the answers. */
const withoutRid = (text: string): string => text.replace(/rid: [\w-]+/, 'rid');

test('two hundred first calls at once get what single ones get', async () => {
  const many = Array.from({ length: 9 }, () => calls)
    .flat()
    .slice(0, 200);
  const [atOnce, oneByOne] = [simulate(), simulate()];
  const askerOf = async (world: typeof atOnce) => {
    const { access_token: token = '' } = await world.stable();
    return async ([method, path, body]: Call): Promise<string> => {
      const address = `${path}${path.includes('?') ? '&' : '?'}access_token=${token}`;
      const answer = await world.call(method, address, body);
      return `${answer.status} ${withoutRid(await answer.text())}`;
    };
  };
  const [ask, askSingly] = [await askerOf(atOnce), await askerOf(oneByOne)];
  const answered = await Promise.all(many.map(ask));
  const expected: string[] = [];
  for (const call of many) expected.push(await askSingly(call));
  expect(answered).toEqual(expected);
  expect(new Set(answered).size).toBeGreaterThan(calls.length - 4);
});
