import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { diagnoseCard, type CardCase } from '../../../src/core/diagnosis/card.ts';
import { vectors } from '../../helpers/vectors.ts';

const [vector] = vectors.card;
if (vector === undefined) throw new Error('the sample is missing');
const { api_ticket: ticket = '', ...rest } = vector.fields;
const input: CardCase = {
  values: vector.fields,
  accessToken: '61_W3mQzX0cYh7rTnEoLpKd',
  jsapiTicket: 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy',
};
const hex = (text: string) => createHash('sha1').update(text).digest('hex');
const sorted = (values: readonly string[]) => hex(values.toSorted().join(''));
const values = Object.values(vector.fields);
const namesFor = (signature: string) => diagnoseCard(input, signature).mistakes.map(({ name }) => name);

describe('diagnoseCard()', () => {
  test.each(vectors.card)('diagnoseCard() accepts: $source', ({ fields, signature }) => {
    expect(diagnoseCard({ values: fields }, signature)).toMatchObject({
      ok: true,
      mistakes: [],
      expected: signature,
    });
  });

  test.each([
    ['the ticket of pages', ['jsapi_ticket'], sorted([input.jsapiTicket ?? '', ...Object.values(rest)])],
    [
      'the access_token',
      ['access_token_as_ticket'],
      sorted([input.accessToken ?? '', ...Object.values(rest)]),
    ],
    ['no ticket', ['ticket_missing'], sorted(Object.values(rest))],
    [
      'milliseconds',
      ['timestamp_milliseconds'],
      sorted([ticket, ...Object.values({ ...rest, timestamp: '1404896688042' })]),
    ],
    ['no code', ['value_missing'], sorted([ticket, ...Object.values({ ...rest, code: '' })])],
    ['no sorting', ['values_unsorted'], hex(values.join(''))],
    ['another order', ['values_unsorted'], hex(values.toReversed().join(''))],
    [
      'the algorithm of pages',
      ['names_joined'],
      hex(
        Object.entries(vector.fields)
          .filter(([, value]) => value !== '')
          .map(([name, value]) => `${name}=${value}`)
          .toSorted()
          .join('&'),
      ),
    ],
    ['capitals', ['signature_case'], vector.signature.toUpperCase()],
    ['a digit too few', ['signature_form'], vector.signature.slice(1)],
    [
      'the ticket of pages, unsorted',
      ['jsapi_ticket', 'values_unsorted'],
      hex([input.jsapiTicket ?? '', ...Object.values(rest)].join('')),
    ],
    ['something else', [], randomBytes(20).toString('hex')],
  ])('diagnoseCard() names: %s', (_, names, signature) => {
    expect(namesFor(signature)).toEqual(names);
    const text = JSON.stringify(diagnoseCard(input, signature));
    for (const secret of [ticket, input.accessToken ?? '', input.jsapiTicket ?? ''])
      expect(text).not.toContain(secret);
  });

  test('diagnoseCard() names sorting without case', () => {
    const fields: Record<string, string> = { ...vector.fields, nonce_str: 'Zebra' };
    const [first, second] = ['14048966881434008071', fields['card_id'] ?? ''];
    const answer = diagnoseCard({ values: fields }, hex(`${first}${ticket}${second}Zebra`));
    expect(answer.mistakes.map(({ name }) => name)).toEqual(['values_case']);
    expect(answer.signed).toBe(`${first}***${second}Zebra`);
    expect(answer.string1).toBe(`${first}***Zebra${second}`);
  });

  test('diagnoseCard() shows what is signed with the ticket in its place', () => {
    expect(diagnoseCard(input, vector.signature).string1).toBe(
      values.toSorted().join('').replace(ticket, '***'),
    );
  });
});
