import { expect, test } from 'vitest';
import { limitRefusals } from '../../../../src/cli/commands/serve/requests.ts';
import type { RefusedRequest } from '../../../../src/io/ports.ts';

test('of each reason ten refusals a second are told, and with the next how many were not', () => {
  let now = 5000;
  const told: (number | undefined)[] = [];
  const refuse = limitRefusals({ monotonic: () => now }, (_, omitted) => told.push(omitted));
  const flood = (count: number, reason: RefusedRequest['reason'] = 'bad_request'): void => {
    for (let index = 0; index < count; index += 1)
      refuse({ status: 400, reason, method: '', remoteAddress: '' });
  };
  flood(10);
  expect(told.splice(0)).toEqual(Array<undefined>(10).fill(undefined));
  flood(2);
  now += 999;
  flood(1);
  expect(told).toEqual([]);
  flood(1, 'body_too_large');
  expect(told.splice(0)).toEqual([undefined]);
  now += 1;
  flood(2);
  expect(told).toEqual([3, undefined]);
});
