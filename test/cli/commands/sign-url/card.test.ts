import vm from 'node:vm';
import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../../helpers/fake-io.ts';
import { vectors } from '../../../helpers/vectors.ts';

const [add, choose] = vectors.card;
if (add === undefined || choose === undefined) throw new Error('the two samples are missing');
const cardId = add.fields['card_id'] ?? '';
const environment = { WECHAT_MP_APPID: 'wx0123456789abcdef', GITHUB_OUTPUT: '/desk/out' };
const common = ['--type', 'wx_card', '--ticket-stdin', '--nonce', 'jonyqin', '--timestamp', '1404896688'];
const world = (stdin = add.fields['api_ticket'] ?? '') => fakeWorld({ stdin, environment });
const entry = {
  cardId,
  cardExt: JSON.stringify({
    code: '1434008071',
    openid: '',
    timestamp: '1404896688',
    nonce_str: 'jonyqin',
    signature: add.signature,
  }),
};

describe('sign-url --type wx_card', () => {
  test('gives an entry of cardList, signed as in the sample', async () => {
    const { code, stdout, stderr } = await world().run(
      'sign-url',
      cardId,
      ...common,
      '--code',
      '1434008071',
      '--json',
    );
    expect([code, JSON.parse(stdout), stderr]).toEqual([0, entry, '']);
  });

  test('prints the same values in every format', async () => {
    const words = ['sign-url', cardId, ...common, '--code', '1434008071'];
    const lines = `cardId=${cardId}\ncardExt=${entry.cardExt}\n`;
    expect((await world().run(...words)).stdout).toBe(lines);
    expect((await world().run(...words, '--format', 'env')).stdout).toBe(
      `WX_CARD_ID=${cardId}\nWX_CARD_EXT='${entry.cardExt}'\n`,
    );
    const github = world();
    expect(await github.run(...words, '--format', 'github')).toMatchObject({ code: 0, stdout: '' });
    expect(github.files.contents.get('/desk/out')?.toString()).toBe(lines);
  });

  test('puts several cards into one call, and on one line each in JSON', async () => {
    const words = ['sign-url', cardId, 'p</script>', ...common];
    const { stdout } = await world().run(...words, '--format', 'config');
    expect(stdout).not.toContain('</script>');
    const calls: unknown[] = [];
    vm.runInNewContext(stdout, {
      wx: { addCard: (value: unknown) => calls.push(JSON.parse(JSON.stringify(value))) },
    });
    const { stdout: json } = await world().run(...words, '--json');
    const cards = json
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(cards).toHaveLength(2);
    expect(calls).toEqual([{ cardList: cards }]);
  });

  test('signs for chooseCard as in the sample, and says that this is not verified', async () => {
    const words = [...common, '--call', 'chooseCard', '--card-type', 'GROUPON', '--json'];
    const { code, stdout, stderr } = await world(choose.fields['api_ticket']).run('sign-url', ...words);
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        shopId: '',
        cardType: 'GROUPON',
        cardId: '',
        timestamp: 1404896688,
        nonceStr: 'jonyqin',
        signType: 'SHA1',
        cardSign: choose.signature,
      },
    ]);
    expect(stderr).toBe('Note: which values cardSign covers is not verified against WeChat\n');
  });

  test('fetches a ticket of cards, of its own and once', async () => {
    const cold = fakeWorld();
    await cold.run('sign-url', 'https://e.com/');
    const words = ['sign-url', 'a', 'b', '--type', 'wx_card', '--nonce', 'n', '--timestamp', '1', '--json'];
    const { code, stdout } = await cold.run(...words);
    expect(code).toBe(0);
    expect(await cold.run(...words)).toEqual({ code: 0, stdout, stderr: '' });
    const names = cold.requests.map((request) => request.split('/').at(-1));
    expect(names).toEqual(['stable_token', 'getticket', 'getticket']);
  });
});
