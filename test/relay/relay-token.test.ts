import { describe, expect, test } from 'vitest';
import { parseKeyFile } from '../../src/relay/clients.ts';
import { createRelayTokens, relayTokens } from '../../src/relay/relay-token.ts';

const [one, two] = ['wx0123456789abcdef', 'wxfedcba9876543210'];
const hour = 3_600_000;
const clients = parseKeyFile('a:key-of-a-0123\nb:key-of-b-0123', 'relay.keys');
const [a = expect.fail(), b = expect.fail()] = clients;
const tokens = createRelayTokens(clients, [one, two]);

describe('createRelayTokens()', () => {
  test('open() finds client and account again, and each pair has a token of its own', () => {
    const issued = [a, b].flatMap((client) => [one, two].map((appId) => tokens.issue(client, appId, 0)));
    expect(new Set(issued).size).toBe(4);
    expect(issued.map((token) => tokens.open(token, 0))).toEqual([
      { client: a, appId: one },
      { client: a, appId: two },
      { client: b, appId: one },
      { client: b, appId: two },
    ]);
  });

  test('issue() gives the same token for an hour, and it lives two to three', () => {
    const token = tokens.issue(a, one, hour);
    expect(tokens.issue(a, one, 2 * hour - 1)).toBe(token);
    expect(tokens.issue(a, one, 2 * hour)).not.toBe(token);
    expect(tokens.open(token, 4 * hour - 1)).toEqual({ client: a, appId: one });
    expect(tokens.open(token, 4 * hour)).toBe('expired');
  });

  test('open() takes nothing that was changed, cut or made with another key', () => {
    const token = tokens.issue(a, one, 0);
    const other = createRelayTokens(parseKeyFile('a:key-of-a-9999', 'relay.keys'), [one]);
    for (let at = 'RELAY_'.length; at < token.length; at += 1) {
      const changed = token[at] === 'A' ? 'B' : 'A';
      expect(tokens.open(token.slice(0, at) + changed + token.slice(at + 1), 0)).toBe('invalid');
    }
    for (const text of ['', 'RELAY_', token.slice(0, -1), `${token}A`, `x${token}`])
      expect(tokens.open(text, 0), text).toBe('invalid');
    expect(other.open(token, 0)).toBe('invalid');
  });
});

test('relayTokens finds them in a text, whole or in part', () => {
  const token = tokens.issue(a, one, 0);
  expect(`a ${token}, "RELAY_ab-c_" b`.match(relayTokens)).toEqual([token, 'RELAY_ab-c_']);
});
