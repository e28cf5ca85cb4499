/** Signatures of cards（卡券签名）, which another algorithm makes than that of `wx.config`. */
import { signSorted } from '../callback/index.ts';

/** What `wx.addCard` covers（批量添加卡券接口, cardExt）. Empty values drop out by themselves. */
export interface AddCardFields {
  /** `api_ticket`: a ticket of type `wx_card`. */
  readonly ticket: string;
  /** Unix seconds. */
  readonly timestamp: string;
  readonly nonceStr: string;
  readonly cardId: string;
  /** The card's own code, for accounts that hand out their own. */
  readonly code: string;
  /** The only person who may take the card. */
  readonly openId: string;
}

/** What `wx.chooseCard` covers（拉取适用卡券列表）. */
export interface ChooseCardFields {
  readonly ticket: string;
  readonly appId: string;
  readonly timestamp: string;
  readonly nonceStr: string;
  /** `shopId` of the call. */
  readonly locationId: string;
  readonly cardId: string;
  readonly cardType: string;
}

/** SHA-1 of the values alone, ticket included, sorted by bytes and joined; names do not matter. */
export function signCard(fields: AddCardFields | ChooseCardFields): string {
  return signSorted(Object.values(fields));
}

/** One entry of `cardList` in `wx.addCard`, with its own spelling. */
export interface CardEntry {
  readonly cardId: string;
  /** JSON text. Quirk: `nonce_str` here, where `wx.config` has `nonceStr`, and the timestamp is a text. */
  readonly cardExt: string;
}

export function createCardEntry(fields: AddCardFields): CardEntry {
  const { cardId, code, openId, timestamp, nonceStr } = fields;
  return {
    cardId,
    cardExt: JSON.stringify({
      code,
      openid: openId,
      timestamp,
      nonce_str: nonceStr,
      signature: signCard(fields),
    }),
  };
}

/** The argument of `wx.chooseCard`, with its own spelling. */
export interface CardChoice {
  readonly shopId: string;
  readonly cardType: string;
  readonly cardId: string;
  readonly timestamp: number;
  readonly nonceStr: string;
  readonly signType: 'SHA1';
  readonly cardSign: string;
}

/** Quirk: which values cardSign covers is known from memory of a page that WeChat no longer shows, not from a test. */
export function createCardChoice(fields: ChooseCardFields): CardChoice {
  const { locationId, cardType, cardId, timestamp, nonceStr } = fields;
  return {
    shopId: locationId,
    cardType,
    cardId,
    timestamp: Number(timestamp),
    nonceStr,
    signType: 'SHA1',
    cardSign: signCard(fields),
  };
}
