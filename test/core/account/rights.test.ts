import { describe, expect, test } from 'vitest';
import {
  accountTypes,
  callersOf,
  describeRight,
  mayCall,
  whoMayCall,
} from '../../../src/core/account/rights.ts';

/** personal, unverified and verified subscription, unverified and verified service, test. */
const columns = (path: string): string =>
  accountTypes.map((type) => (mayCall(type, path) ? 'y' : '-')).join('');

describe('mayCall()', () => {
  test.each([
    ['/cgi-bin/token', 'yyyyyy'],
    ['/cgi-bin/getcallbackip', 'yyyyyy'],
    ['/cgi-bin/ticket/getticket', 'yyyyyy'],
    ['/cgi-bin/menu/create', '--yyyy'],
    ['/cgi-bin/menu/addconditional', '--yyyy'],
    ['/cgi-bin/message/custom/send', '--y-yy'],
    ['/cgi-bin/message/mass/sendall', '--y-yy'],
    ['/cgi-bin/media/upload', '--y-yy'],
    ['/cgi-bin/media/uploadimg', '--y-yy'],
    ['/cgi-bin/material/batchget_material', '--y-yy'],
    ['/cgi-bin/user/get', '--y-yy'],
    ['/cgi-bin/user/info/updateremark', '--y-yy'],
    ['/cgi-bin/tags/create', '--y-yy'],
    ['/cgi-bin/message/template/subscribe', '--y-yy'],
    ['/cgi-bin/freepublish/submit', '--y-yy'],
    ['/cgi-bin/freepublish/batchget', '--y-yy'],
    ['/card/create', '--y-yy'],
    ['/cgi-bin/message/template/send', '----yy'],
    ['/cgi-bin/template/get_all_private_template', '----yy'],
    ['/sns/oauth2/access_token', '----yy'],
    ['/cgi-bin/qrcode/create', '----yy'],
    ['/semantic/semproxy/search', '----yy'],
    ['/customservice/kfaccount/add', '----yy'],
    ['/cgi-bin/customservice/getkflist', '----yy'],
    // In no line of the table.
    ['/cgi-bin/get_current_selfmenu_info', 'yyyyyy'],
    ['/cgi-bin/draft/add', 'yyyyyy'],
    ['/cgi-bin/media/voice/translatecontent', 'yyyyyy'],
    ['/cgi-bin/message/subscribe/bizsend', 'yyyyyy'],
    ['/cgi-bin/menus', 'yyyyyy'],
    ['/cgi-bin/qrcode/created', 'yyyyyy'],
    ['/constructor', 'yyyyyy'],
  ])('answers for %s', (path, wanted) => {
    expect(columns(path)).toBe(wanted);
  });
});

test('describeRight() says who may, in words, and nothing of a call in no line', () => {
  expect([
    describeRight('/cgi-bin/menu/create')?.en,
    describeRight('/cgi-bin/user/get')?.zh,
    describeRight('/cgi-bin/qrcode/create'),
    describeRight('/cgi-bin/draft/add'),
  ]).toEqual([
    'Only verified subscription accounts and service accounts may use custom menus',
    '仅已认证的账号可使用用户、标签与备注名',
    {
      en: 'Only verified service accounts may use QR codes with a scene',
      zh: '仅已认证的服务号可使用带参数的二维码',
    },
    undefined,
  ]);
});

test('callersOf() and whoMayCall() say the same for people', () => {
  expect(callersOf('/cgi-bin/qrcode/create')).toEqual(accountTypes.slice(4));
  expect(callersOf('/cgi-bin/token')).toEqual(accountTypes);
  expect(whoMayCall('/cgi-bin/qrcode/create')).toEqual(describeRight('/cgi-bin/qrcode/create'));
  expect(whoMayCall('/cgi-bin/token').en).toBe('Every kind of account, as far as is known');
});
