import type { PhoneResult } from '../../../src/simulator/control/types/index.ts';
import type { Simulated } from '../simulated.ts';
import { post, type Samples } from './sample.ts';

const templateId = 'ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY';
const subscriptionId = '9Aw5ZV1j9xdWTFEkqCpZ7mIBbSC34khK55OtzUPl0rU';
const text = { msgtype: 'text', text: { content: 'hi' } };

/** The id of something that a person has sent. */
async function sent(world: Simulated, type: 'image' | 'video'): Promise<string> {
  const result = await world.ask('POST', '/_ctl/phone/o1/send', { type });
  const [message] = (result as unknown as PhoneResult).messages;
  return message !== undefined && 'media_id' in message.content ? message.content.media_id : '';
}

const sendAll = post('/cgi-bin/message/mass/sendall', { filter: { is_to_all: true }, ...text });

/** Templates, subscriptions, mass messages, automatic replies. */
export const messageSamples: Samples = {
  '/cgi-bin/template/api_set_industry': { body: { industry_id1: '1', industry_id2: '4' } },
  '/cgi-bin/template/get_industry': {},
  '/cgi-bin/template/api_add_template': {
    body: { template_id_short: '43216', keyword_name_list: ['商品名称', '支付金额'] },
  },
  '/cgi-bin/template/get_all_private_template': {},
  '/cgi-bin/template/del_private_template': { body: { template_id: templateId } },
  // What is in the official example can be sent as it is.
  '/cgi-bin/message/template/send': {
    body: {
      touser: 'o1',
      template_id: templateId,
      url: 'http://weixin.qq.com/download',
      miniprogram: { appid: 'xiaochengxuappid12345', pagepath: 'index?foo=bar' },
      client_msg_id: 'MSG_000001',
      data: {
        keyword1: { value: '巧克力' },
        keyword2: { value: '39.8元' },
        keyword3: { value: '2014年9月22日' },
      },
    },
  },
  '/cgi-bin/message/template/subscribe': {
    before: (world) => world.ask('POST', '/_ctl/phone/o1/subscribe', { one_time_scene: 7 }),
    body: {
      touser: 'o1',
      template_id: '1uDxHNXwYQfBmXOfPJcjAS3FynHArD8aWMEFNRGSbCc',
      url: 'https://example.com/',
      scene: '7',
      title: 'TITLE',
      data: { content: { value: 'VALUE', color: '#FF0000' } },
    },
  },
  '/mp/subscribemsg': { isBinary: true },
  '/wxaapi/newtmpl/addtemplate': { body: { tid: '99', kidList: [1, 2], sceneDesc: '测试数据' } },
  '/wxaapi/newtmpl/deltemplate': { body: { priTmplId: subscriptionId } },
  '/wxaapi/newtmpl/getcategory': {},
  '/wxaapi/newtmpl/getpubtemplatekeywords': { query: '?tid=99' },
  '/wxaapi/newtmpl/getpubtemplatetitles': { query: '?ids=616&start=0&limit=1' },
  '/wxaapi/newtmpl/gettemplate': {},
  '/cgi-bin/message/subscribe/bizsend': {
    before: (world) => world.ask('POST', '/_ctl/phone/o1/subscribe', { accept: [subscriptionId] }),
    body: {
      touser: 'o1',
      template_id: subscriptionId,
      page: 'https://mp.weixin.qq.com/',
      data: { date2: { value: '2019年8月8日' }, thing1: { value: '广州腾讯科技有限公司' } },
    },
  },
  '/cgi-bin/message/mass/sendall': {
    body: { filter: { is_to_all: false, tag_id: 100 }, ...text, send_ignore_reprint: 0, clientmsgid: 'c' },
  },
  '/cgi-bin/message/mass/send': { body: { touser: ['o1', 'left'], ...text } },
  '/cgi-bin/message/mass/preview': { body: { touser: 'o1', ...text } },
  '/cgi-bin/message/mass/delete': { before: sendAll, body: { msg_id: 1_000_000_001, article_idx: 0 } },
  '/cgi-bin/message/mass/get': { before: sendAll, body: { msg_id: '1000000001' } },
  '/cgi-bin/message/mass/speed/get': { body: {} },
  '/cgi-bin/message/mass/speed/set': { body: { speed: 1 } },
  '/cgi-bin/media/uploadnews': {
    call: async (world) =>
      post('/cgi-bin/media/uploadnews', {
        articles: [{ thumb_media_id: await sent(world, 'image'), title: 'Happy Day', content: 'content' }],
      })(world),
  },
  '/cgi-bin/media/uploadvideo': {
    call: async (world) =>
      post('/cgi-bin/media/uploadvideo', {
        media_id: await sent(world, 'video'),
        title: 'TITLE',
        description: 'Description',
      })(world),
  },
  '/cgi-bin/get_current_autoreply_info': {
    before: (world) =>
      world.ask('POST', '/_ctl/autoreply', {
        add_friend_autoreply_info: { type: 'text', content: 'Thanks for your attention!' },
        message_default_autoreply_info: { type: 'text', content: 'Hello, this is autoreply!' },
        keyword_autoreply_info: {
          list: [
            {
              rule_name: 'autoreply-news',
              reply_mode: 'random_one',
              keyword_list_info: [{ content: 'news' }],
              reply_list_info: [
                { type: 'news', news_info: { list: [{ title: 'it’s news', show_cover: 1 }] } },
              ],
            },
            {
              rule_name: 'autoreply-text',
              keyword_list_info: [{ match_mode: 'equal', content: 'text' }],
              reply_list_info: [{ type: 'text', content: 'hello!text!' }],
            },
          ],
        },
      }),
  },
};
