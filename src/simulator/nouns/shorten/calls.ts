/** 短 key 托管: keeping long data behind a short key. */
import { inBody, ok, post } from '../../server/endpoint.ts';

export const calls = [
  post('/cgi-bin/shorten/gen', {
    reads: inBody('long_data', 'expire_seconds'),
    answer: ({ long_data: data, expire_seconds: seconds }, { shortKeys }) => ({
      ...ok,
      short_key: shortKeys.create(data, seconds),
    }),
  }),
  post('/cgi-bin/shorten/fetch', {
    reads: inBody('short_key'),
    fills: { short_key: { answer: 'short_key', of: ['/cgi-bin/shorten/gen'] } },
    answer({ short_key: key }, { shortKeys }) {
      const { longData, createdAtMs, secondsLeft } = shortKeys.find(key);
      return {
        ...ok,
        long_data: longData,
        create_time: Math.floor(createdAtMs / 1000),
        // Quirk: what is left of them, not what was asked for.
        expire_seconds: secondsLeft,
      };
    },
  }),
];
