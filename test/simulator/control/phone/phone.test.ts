import { describe, expect, test } from 'vitest';
import { alice, ownFields, phoned, type Phoned } from '../phoned.ts';

const click = { type: 'click', name: 'a', key: 'V1001' };

/** Type and own fields of every push that an action caused. */
async function pushed(world: Phoned, action: string, body?: Readonly<Record<string, unknown>>) {
  const { pushes } = await world.act(action, body);
  return pushes.map(({ type, plain }) => [type, ownFields(plain)]);
}

async function refusal(world: Phoned, action: string, body: unknown = {}) {
  const response = await world.call('POST', `/_ctl/phone/${alice}/${action}`, body);
  const { error } = (await response.json()) as { error: { type: string } };
  return [response.status, error.type];
}

describe('POST /_ctl/phone/:openid/tap', () => {
  test.each<[Readonly<Record<string, unknown>>, readonly unknown[]]>([
    [
      click,
      [
        [
          'menu_click',
          '<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[CLICK]]></Event>\n<EventKey><![CDATA[V1001]]></EventKey>',
        ],
      ],
    ],
    [
      { type: 'view', name: 'a', url: 'https://example.com/?a=1&b=2' },
      [
        [
          'menu_view',
          expect.stringMatching(
            /^<MsgType><!\[CDATA\[event\]\]><\/MsgType>\n<Event><!\[CDATA\[VIEW\]\]><\/Event>\n<EventKey><!\[CDATA\[https:\/\/example\.com\/\?a=1&b=2\]\]><\/EventKey>\n<MenuId>\d{9}<\/MenuId>$/,
          ),
        ],
      ],
    ],
    [
      {
        type: 'miniprogram',
        name: 'a',
        url: 'https://example.com/',
        appid: 'wx286b93c14bbf93aa',
        pagepath: 'pages/a',
      },
      [
        [
          'menu_view_miniprogram',
          expect.stringMatching(
            /<Event><!\[CDATA\[view_miniprogram\]\]><\/Event>\n<EventKey><!\[CDATA\[pages\/a\]\]><\/EventKey>\n<MenuId>\d{9}<\/MenuId>$/,
          ),
        ],
      ],
    ],
    [
      { type: 'scancode_push', name: 'a', key: 'S' },
      [
        [
          'menu_scancode_push',
          expect.stringContaining(
            '<Event><![CDATA[scancode_push]]></Event>\n<EventKey><![CDATA[S]]></EventKey>\n<ScanCodeInfo>\n<ScanType><![CDATA[barcode]]></ScanType>\n<ScanResult><![CDATA[EAN_13,1]]></ScanResult>\n</ScanCodeInfo>',
          ),
        ],
      ],
    ],
    [
      { type: 'scancode_waitmsg', name: 'a', key: 'S' },
      [['menu_scancode_waitmsg', expect.stringContaining('<ScanResult><![CDATA[EAN_13,1]]></ScanResult>')]],
    ],
    [
      { type: 'pic_sysphoto', name: 'a', key: 'P' },
      [
        ['menu_pic_sysphoto', expect.stringMatching(/<Count>1<\/Count>\n<PicList>\n<item>\n<PicMd5Sum>/)],
        ['image', expect.stringContaining('<MsgType><![CDATA[image]]></MsgType>\n<PicUrl>')],
      ],
    ],
    ...(['pic_photo_or_album', 'pic_weixin'] as const).map(
      (type): [Readonly<Record<string, unknown>>, readonly unknown[]] => [
        { type, name: 'a', key: 'P' },
        [
          [`menu_${type}`, expect.stringContaining('<Count>2</Count>')],
          ['image', expect.stringContaining('<MediaId>')],
          ['image', expect.stringContaining('<MediaId>')],
        ],
      ],
    ),
    [
      { type: 'location_select', name: 'a', key: 'L' },
      [
        [
          'menu_location_select',
          expect.stringContaining(
            '<SendLocationInfo>\n<Location_X><![CDATA[23.1]]></Location_X>\n<Location_Y><![CDATA[113.3]]></Location_Y>\n<Scale><![CDATA[15]]></Scale>\n<Label><![CDATA[广州]]></Label>\n<Poiname><![CDATA[]]></Poiname>\n</SendLocationInfo>',
          ),
        ],
        [
          'location',
          expect.stringMatching(
            /^<MsgType><!\[CDATA\[location\]\]><\/MsgType>\n<Location_X>23\.1<\/Location_X>\n<Location_Y>113\.3<\/Location_Y>\n<Scale>15<\/Scale>\n<Label><!\[CDATA\[广州\]\]><\/Label>\n<MsgId>[1-9]{17}<\/MsgId>$/,
          ),
        ],
      ],
    ],
    [{ type: 'media_id', name: 'a', media_id: 'MEDIA' }, []],
    [{ type: 'article_id', name: 'a', article_id: 'ARTICLE' }, []],
    [{ type: 'article_view_limited', name: 'a', article_id: 'ARTICLE' }, []],
  ])('pushes what a %j makes, in its order', async (button, expected) => {
    const world = await phoned();
    await world.pushMenu(button);
    const how = {
      pictures: 2,
      scan_result: 'EAN_13,1',
      scan_type: 'barcode',
      location: { latitude: 23.1, longitude: 113.3, label: '广州' },
    };
    expect(await pushed(world, 'tap', { button: [0], ...how })).toEqual(expected);
    expect(world.received).toHaveLength(expected.length);
  });

  test('of a parent pushes nothing and opens the sub-menu, whose buttons push', async () => {
    const world = await phoned();
    await world.pushMenu({ name: 'more', sub_button: [click, { ...click, key: 'SECOND' }] });
    expect(await world.act('tap', { button: [0] })).toMatchObject({ outcome: 'sub_menu', pushes: [] });
    expect(world.received).toEqual([]);
    expect((await pushed(world, 'tap', { button: [0, 1] }))[0]?.[1]).toContain('[SECOND]');
  });

  test('opens the page of a view button', async () => {
    const world = await phoned();
    await world.pushMenu({ type: 'view', name: 'a', url: 'https://example.com/' });
    expect((await world.act('tap', { button: [0] })).opened).toBe('https://example.com/');
  });

  test('refuses a place where there is no button', async () => {
    const world = await phoned();
    expect(await refusal(world, 'tap', { button: [0] })).toEqual([400, 'no_menu']);
    await world.pushMenu(click);
    for (const button of [[1], [0, 0], [99]]) {
      expect(await refusal(world, 'tap', { button })).toEqual([400, 'no_button']);
    }
    for (const button of [[], [0, 0, 0], [-1], [0.5], '0', undefined]) {
      expect(await refusal(world, 'tap', { button })).toEqual([400, 'invalid_body']);
    }
    expect(await refusal(world, 'tap', { button: [0], pictures: 0 })).toEqual([400, 'invalid_body']);
    expect(await refusal(world, 'tap', { button: [0], pictures: 10 })).toEqual([400, 'invalid_body']);
    expect(world.received).toEqual([]);
  });

  test('shows each person the menu that is theirs', async () => {
    const world = await phoned();
    await world.pushMenu(click);
    const conditional = { button: [{ ...click, key: 'ANDROID' }], matchrule: { client_platform_type: '2' } };
    await world.ask('POST', await world.path('/cgi-bin/menu/addconditional'), conditional);
    expect((await pushed(world, 'tap', { button: [0] }))[0]?.[1]).toContain('[V1001]');
    await world.call('POST', '/_ctl/followers', { openid: alice, client_platform_type: 2 });
    expect((await pushed(world, 'tap', { button: [0] }))[0]?.[1]).toContain('[ANDROID]');
  });
});

describe('POST /_ctl/phone/:openid/follow, unfollow and scan', () => {
  const code = {
    expire_seconds: 60,
    action_name: 'QR_STR_SCENE',
    action_info: { scene: { scene_str: 'shop' } },
  };

  test('push subscribe without a key, unsubscribe, and nothing when nothing changes', async () => {
    const world = await phoned();
    expect(await world.act('follow')).toMatchObject({ outcome: 'no_change', pushes: [] });
    const empty = '<EventKey><![CDATA[]]></EventKey>';
    expect(await pushed(world, 'unfollow')).toEqual([
      [
        'unsubscribe',
        `<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[unsubscribe]]></Event>\n${empty}`,
      ],
    ]);
    expect(await world.act('unfollow')).toMatchObject({ outcome: 'no_change', pushes: [] });
    expect(await pushed(world, 'follow')).toEqual([
      ['subscribe', `<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[subscribe]]></Event>\n${empty}`],
    ]);
    expect(world.received).toHaveLength(2);
  });

  test('write qrscene_ only for who begins to follow by a code', async () => {
    const world = await phoned();
    const { ticket, url } = await world.createCode(code);
    expect((await pushed(world, 'scan', { ticket }))[0]).toEqual([
      'scan',
      `<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[SCAN]]></Event>\n<EventKey><![CDATA[shop]]></EventKey>\n<Ticket><![CDATA[${ticket}]]></Ticket>`,
    ]);
    await world.act('unfollow');
    expect((await pushed(world, 'scan', { url }))[0]).toEqual([
      'subscribe_qr',
      `<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[subscribe]]></Event>\n<EventKey><![CDATA[qrscene_shop]]></EventKey>\n<Ticket><![CDATA[${ticket}]]></Ticket>`,
    ]);
    const { follower } = (await world.ask('GET', `/_ctl/chats/${alice}`)) as unknown as {
      follower: Record<string, unknown>;
    };
    expect(follower).toMatchObject({ subscribe_scene: 'ADD_SCENE_QR_CODE', qr_scene: 'shop' });
  });

  test('push nothing for somebody who scans without following', async () => {
    const world = await phoned();
    await world.act('unfollow');
    const { ticket } = await world.createCode(code);
    expect(await world.act('scan', { ticket, follow: false })).toMatchObject({
      outcome: 'no_change',
      pushes: [],
    });
  });

  test('tell an expired code, to the millisecond, from an unknown one', async () => {
    const world = await phoned();
    const { ticket } = await world.createCode(code);
    await world.advance('59999ms');
    expect((await world.act('scan', { ticket })).outcome).toBe('done');
    await world.advance('1ms');
    expect(await world.act('scan', { ticket })).toMatchObject({
      outcome: 'code_expired',
      notice: { en: 'The code has expired', zh: '二维码已过期' },
      pushes: [],
    });
    expect(await world.act('scan', { url: 'https://example.com/' })).toMatchObject({
      outcome: 'code_unknown',
      opened: 'https://example.com/',
      pushes: [],
    });
    expect(await refusal(world, 'scan', {})).toEqual([400, 'invalid_body']);
    expect(await refusal(world, 'scan', { ticket, url: 'x' })).toEqual([400, 'invalid_body']);
  });

  test('end the menu, the messages and the window of who has left', async () => {
    const world = await phoned();
    await world.pushMenu(click);
    await world.act('send', { text: 'hi' });
    const chat = () => world.ask('GET', `/_ctl/chats/${alice}`);
    expect(await chat()).toMatchObject({ menu: [click], window_until: '2026-01-17T04:00:00.000Z' });
    await world.act('unfollow');
    expect(await chat()).toMatchObject({ menu: null, window_until: null });
    for (const [action, body] of [
      ['send', { text: 'hi' }],
      ['tap', { button: [0] }],
      ['location', { latitude: 1, longitude: 1 }],
    ] as const) {
      expect(await refusal(world, action, body)).toEqual([400, 'not_following']);
    }
  });
});

describe('POST /_ctl/phone/:openid/send and location', () => {
  test.each([
    [
      { type: 'text', text: '你好 <b> & ]]>' },
      /^<MsgType><!\[CDATA\[text\]\]><\/MsgType>\n<Content><!\[CDATA\[你好 <b> & \]\]\]\]><!\[CDATA\[>\]\]><\/Content>\n<MsgId>[1-9]{17}<\/MsgId>$/,
    ],
    [
      { type: 'text', text: 'yes', msgmenu_id: '101' },
      /<MsgId>\d{17}<\/MsgId>\n<bizmsgmenuid><!\[CDATA\[101\]\]><\/bizmsgmenuid>$/,
    ],
    [
      { type: 'image', media_id: 'M', pic_url: 'http://localhost/a.jpg' },
      /\[image\]\]><\/MsgType>\n<PicUrl><!\[CDATA\[http:\/\/localhost\/a\.jpg\]\]><\/PicUrl>\n<MediaId><!\[CDATA\[M\]\]>/,
    ],
    [{ type: 'voice', recognition: '你好' }, /<Format>.*<Recognition><!\[CDATA\[你好\]\]><\/Recognition>/s],
    [{ type: 'voice' }, /^(?!.*Recognition)<MsgType><!\[CDATA\[voice\]\]>/s],
    [{ type: 'video', media_id: 'V' }, /\[video\].*<MediaId><!\[CDATA\[V\]\]><\/MediaId>\n<ThumbMediaId>/s],
    [{ type: 'shortvideo' }, /\[shortvideo\].*<ThumbMediaId>/s],
    [
      { type: 'location', latitude: 39.9, longitude: -116.4 },
      /<Location_X>39\.9<\/Location_X>\n<Location_Y>-116\.4<\/Location_Y>\n<Scale>15<\/Scale>\n<Label><!\[CDATA\[\]\]>/,
    ],
    [
      { type: 'link', title: 'T', url: 'https://example.com/' },
      /<Title><!\[CDATA\[T\]\]><\/Title>\n<Description><!\[CDATA\[\]\]><\/Description>\n<Url><!\[CDATA\[https:/,
    ],
    [{ type: 'miniprogrampage', title: 'T', pagepath: 'p' }, /<PagePath><!\[CDATA\[p\]\]><\/PagePath>/],
  ])('push %j as WeChat writes it, and put it into the chat', async (body, expected) => {
    const world = await phoned();
    const { pushes, messages } = await world.act('send', body);
    expect(ownFields(pushes[0]?.plain ?? '')).toMatch(expected);
    expect(messages).toMatchObject([
      { from: 'person', origin: 'phone', push_id: 1, content: { type: body.type } },
    ]);
  });

  test('report a place with six decimals', async () => {
    const world = await phoned();
    expect(await pushed(world, 'location', { latitude: 23.1, longitude: 113.35 })).toEqual([
      [
        'location_report',
        '<MsgType><![CDATA[event]]></MsgType>\n<Event><![CDATA[LOCATION]]></Event>\n<Latitude>23.100000</Latitude>\n<Longitude>113.350000</Longitude>\n<Precision>65.000000</Precision>',
      ],
    ]);
  });

  test.each([
    ['send', { type: 'text' }],
    ['send', { type: 'text', text: '' }],
    ['send', { type: 'text', text: 'x'.repeat(20_001) }],
    ['send', { type: 'gif', text: 'x' }],
    ['send', { text: 'x', wait: 'no' }],
    ['send', { text: 'x', colour: 'red' }],
    ['send', { type: 'location', latitude: 90.1, longitude: 0 }],
    ['send', { type: 'link', title: 'T' }],
    ['location', { latitude: 1 }],
    ['location', { latitude: 1, longitude: 180.1 }],
  ])('refuse %s %j without a push', async (action, body) => {
    const world = await phoned();
    expect(await refusal(world, action, body)).toEqual([400, 'invalid_body']);
    expect(world.received).toEqual([]);
  });

  test.each([
    ['send', {}, '"text" is missing; the fields are "type", "text", "msgmenu_id", "wait"'],
    [
      'send',
      { type: 'link' },
      '"title" is missing; the fields are "type", "title", "description", "url", "wait"',
    ],
    ['location', {}, '"latitude" is missing; the fields are "latitude", "longitude", "precision", "wait"'],
    [
      'tap',
      {},
      '"button" is missing; the fields are "button", "scan_result", "scan_type", "pictures", "location", "wait"',
    ],
    ['browse', {}, '"url" is missing; the fields are "url"'],
    ['profile', {}, '"nickname" is missing; the fields are "nickname"'],
  ])('name the fields that %s takes to %j', async (action, body, message) => {
    const world = await phoned();
    await world.pushMenu({ type: 'click', name: 'A', key: 'a' });
    const response = await world.call('POST', `/_ctl/phone/${alice}/${action}`, body);
    expect([response.status, await response.json()]).toMatchObject([400, { error: { message } }]);
  });

  test('know nobody whom POST /_ctl/followers has not made', async () => {
    const world = await phoned();
    const response = await world.call('POST', '/_ctl/phone/oNobody/send', { text: 'x' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'unknown_person' } });
  });
});
