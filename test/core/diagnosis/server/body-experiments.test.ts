import { describe, expect, test } from 'vitest';
import { concludeBodies } from '../../../../src/core/diagnosis/server/body-experiments.ts';
import type { BodyName, BodyTrial } from '../../../../src/core/diagnosis/server/body-experiments.ts';

const trials = (statuses: Readonly<Record<BodyName, number>>): readonly BodyTrial[] =>
  (Object.entries(statuses) as [BodyName, number][]).map(([name, httpStatus]) => ({
    name,
    httpStatus,
    accepted: httpStatus === 200,
  }));

describe('concludeBodies()', () => {
  test.each([
    ['application/xml', [500, 500, 200], 'body_parser', /reads text\/xml/, true],
    ['JSON', [400, 200, 400], 'body_parser', /wants JSON/, false],
    ['application/xml and JSON', [200, 200, 200], 'body_parser', /reads text\/xml/, true],
    ['no body', [200, 400, 400], 'body_parser', /the body that is refused/, false],
    ['nothing', [400, 400, 400], 'body_parser', /not the form of the body/, false],
  ])('tells why a server takes %s', (_what, [empty = 0, json = 0, xml = 0], cause, words, consumed) => {
    const found = concludeBodies(
      { cause: 'body_parser', httpStatus: 400 },
      trials({ empty_body: empty, json_body: json, xml_body: xml }),
    );
    expect(found).toMatchObject({ cause, consumed, text: { en: expect.stringMatching(words) } });
  });

  test('keeps the limit as the cause where no body at all is taken', () => {
    const found = concludeBodies(
      { cause: 'body_limit', httpStatus: 413 },
      trials({ empty_body: 200, json_body: 413, xml_body: 413 }),
    );
    expect(found).toMatchObject({ cause: 'body_limit', hint: { en: expect.stringContaining('nginx') } });
  });

  test.each([
    [413, 'body_limit'],
    [415, 'body_parser'],
  ] as const)('lets %i speak for itself where every body gets it', (httpStatus, cause) => {
    const alike = trials({ empty_body: httpStatus, json_body: httpStatus, xml_body: httpStatus });
    expect(concludeBodies({ cause, httpStatus }, alike)).toBeUndefined();
  });

  test('clears the Token where every POST is forbidden after a passed GET', () => {
    const found = concludeBodies(
      { cause: 'forbidden', httpStatus: 403 },
      trials({ empty_body: 403, json_body: 403, xml_body: 403 }),
    );
    expect(found?.cause).toBe('forbidden');
    expect(found?.hint.en).toMatch(/^The Token is right/);
  });

  test('says nothing of unlike failures, too few trials, or no answers', () => {
    const alike = { empty_body: 400, json_body: 400, xml_body: 400 };
    const refused = { cause: 'body_parser', httpStatus: 400 } as const;
    expect(concludeBodies(refused, trials({ ...alike, json_body: 500 }))).toBeUndefined();
    expect(concludeBodies(refused, trials(alike).slice(1))).toBeUndefined();
    const silent = trials(alike).map((trial) => ({ ...trial, httpStatus: undefined }));
    expect(concludeBodies({ cause: 'timeout', httpStatus: undefined }, silent)).toBeUndefined();
  });
});
