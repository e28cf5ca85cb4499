import { describe, expect, test } from 'vitest';
import {
  isInBlock,
  parseIpAddress,
  parseIpBlock,
  plainAddress,
} from '../../../src/core/account/ip-address.ts';

const isIn = (address: string, block: string): boolean =>
  isInBlock(
    parseIpAddress(address) ?? expect.fail(`no address: ${address}`),
    parseIpBlock(block) ?? expect.fail(`no block: ${block}`),
  );

describe('parseIpBlock()', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7', '203.0.113.8'],
    ['172.0.0.0/24', '172.0.0.255', '172.0.1.0'],
    // Bits behind the prefix count for nothing.
    ['172.0.0.1/24', '172.0.0.0', '171.255.255.255'],
    ['10.0.0.0/8', '10.255.255.255', '11.0.0.0'],
    ['203.0.113.7/32', '203.0.113.7', '203.0.113.6'],
    ['128.0.0.0/1', '255.255.255.255', '127.255.255.255'],
    ['0.0.0.0/0', '255.255.255.255', '::1'],
    ['2001:db8::7', '2001:0DB8:0:0:0:0:0:7', '2001:db8::8'],
    ['2001:db8::/33', '2001:db8:7fff::', '2001:db8:8000::'],
    ['::/0', '2001:db8::1', '1.2.3.4'],
    // IPv4 in IPv6 clothes.
    ['1.2.3.4', '::ffff:1.2.3.4', '::1.2.3.4'],
    ['::ffff:1.2.3.4', '1.2.3.4', '1.2.3.5'],
    ['::FFFF:102:304', '1.2.3.4', '1.2.3.5'],
    ['::ffff:1.2.3.0/120', '1.2.3.255', '1.2.4.0'],
  ])('takes %s: %s is in it, %s is not', (block, inside, outside) => {
    expect([isIn(inside, block), isIn(outside, block)]).toEqual([true, false]);
  });

  test.each(
    [
      '|x|1.2.3|1.2.3.4.5|256.1.1.1|01.2.3.4|1.2.3.4 |1.2.3.4/33|1.2.3.4/|1.2.3.4/08|1.2.3.4/8/8|1.2.3.4/-1',
      '1.2.3.4:80|172.0.0.*|example.com|:|:::|1::2::3|::g|1:2:3:4:5:6:7|1:2:3:4:5:6:7:8:9|1:2:3:4:5:6:7::8:9|1:2:3:4:5:6:7::8',
      '::12345|::1/129|::1.2.3|1.2.3.4::|1.2.3.4:1::|[::1]|::ffff:1.2.3.4/95|fe80::1%eth0',
    ].flatMap((line) => line.split('|')),
  )('refuses %j', (text) => {
    expect(parseIpBlock(text)).toBeUndefined();
  });
});

test.each([
  ['::ffff:1.2.3.4', '1.2.3.4'],
  ['::ffff:cb00:7107', '203.0.113.7'],
  ['1.2.3.4', '1.2.3.4'],
  ['2001:db8::7', '2001:db8::7'],
])('plainAddress() names %s as %s', (text, plain) => {
  expect(plainAddress(text)).toBe(plain);
});
