import { describe, expect, test } from 'vitest';
import { createCardChoice, createCardEntry, signCard } from '../../../src/core/jssdk/card-signature.ts';
import { vectors } from '../../helpers/vectors.ts';

const [add, choose] = vectors.card;
if (add === undefined || choose === undefined) throw new Error('the two samples are missing');
const addFields = {
  ticket: add.fields['api_ticket'] ?? '',
  timestamp: add.fields['timestamp'] ?? '',
  nonceStr: add.fields['nonce_str'] ?? '',
  cardId: add.fields['card_id'] ?? '',
  code: add.fields['code'] ?? '',
  openId: add.fields['openid'] ?? '',
};
const chooseFields = {
  ticket: choose.fields['api_ticket'] ?? '',
  appId: choose.fields['appid'] ?? '',
  timestamp: choose.fields['timestamp'] ?? '',
  nonceStr: choose.fields['nonce_str'] ?? '',
  locationId: choose.fields['location_id'] ?? '',
  cardId: choose.fields['card_id'] ?? '',
  cardType: choose.fields['card_type'] ?? '',
};

describe('signCard()', () => {
  test('signCard() matches both samples', () => {
    expect(signCard(addFields)).toBe(add.signature);
    expect(signCard(chooseFields)).toBe(choose.signature);
  });

  test('signCard() sorts the values, whatever their names', () => {
    const none = { ticket: '', timestamp: '', nonceStr: '', cardId: '', code: '', openId: '' };
    const signature = 'f7c3bc1d808e04732adf679965ccc34ca7ae3441';
    expect(signCard({ ...none, ticket: '789', cardId: '456', code: '123' })).toBe(signature);
    expect(signCard({ ...none, openId: '456', nonceStr: '789', timestamp: '123' })).toBe(signature);
    expect(signCard({ ...none, openId: '456', nonceStr: '789', timestamp: '124' })).not.toBe(signature);
  });
});

describe('createCardEntry()', () => {
  test('createCardEntry() uses the spelling of cardExt, with the timestamp as text', () => {
    const { cardId, cardExt } = createCardEntry(addFields);
    expect(cardId).toBe(add.fields['card_id']);
    expect(JSON.parse(cardExt)).toEqual({
      code: '1434008071',
      openid: '',
      timestamp: '1404896688',
      nonce_str: 'jonyqin',
      signature: add.signature,
    });
  });
});

describe('createCardChoice()', () => {
  test('createCardChoice() uses the spelling of wx.chooseCard, with the timestamp as number', () => {
    expect(createCardChoice(chooseFields)).toEqual({
      shopId: '',
      cardType: 'GROUPON',
      cardId: '',
      timestamp: 1404896688,
      nonceStr: 'jonyqin',
      signType: 'SHA1',
      cardSign: choose.signature,
    });
  });
});
