/** 短 key 托管: keeping long data behind a short key. */
import { own } from '../../../core/text/json-value.ts';
import { createAdder, ok, type ApiApp } from '../../server/endpoint.ts';
import type { Platform } from '../../account/platform.ts';

export function addShortenRoutes(app: ApiApp, platform: Platform): void {
  const add = createAdder(app, platform);
  add('POST', 'shorten/gen', (call) => {
    const body = call.json();
    return {
      ...ok,
      short_key: platform.shortKeys.create(own(body, 'long_data'), own(body, 'expire_seconds')),
    };
  });
  add('POST', 'shorten/fetch', (call) => {
    const data = platform.shortKeys.find(own(call.json(), 'short_key'));
    return {
      ...ok,
      long_data: data.longData,
      create_time: Math.floor(data.createdAtMs / 1000),
      // Quirk: what is left of them, not what was asked for.
      expire_seconds: data.secondsLeft,
    };
  });
}
