import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../../src/io/ports.ts';
import { checkUpload } from '../../../../src/simulator/nouns/media/rules.ts';
import { createOutbox } from '../../../../src/simulator/push/outbox.ts';
import { createSeededRandom } from '../../../../src/simulator/random/seeded.ts';
import { createDrafts } from '../../../../src/simulator/nouns/draft/state.ts';
import { createMedia } from '../../../../src/simulator/nouns/media/state.ts';
import { createPublications } from '../../../../src/simulator/nouns/publish/state.ts';
import { article, jpg } from '../../uploads.ts';

const clock: Clock = { now: () => 0, monotonic: () => 0, sleep: async () => {} };
const origin = 'http://127.0.0.1:8090';

function desk() {
  const random = createSeededRandom(1, 'media');
  const media = createMedia(clock, random);
  const picture = checkUpload('image', { fileName: 'a.jpg', bytes: jpg() }, 'permanent');
  const { mediaId } = media.addPermanent('image', picture);
  const drafts = createDrafts(clock, random, media);
  const outbox = createOutbox();
  const publications = createPublications({ clock, random, drafts, outbox });
  const write = (content = 'C', count = 1) =>
    drafts.add(Array.from({ length: count }, () => article(mediaId, { content })));
  return { drafts, publications, write, publish: () => publications.submit(write(), origin, 'success') };
}

describe('createDrafts()', () => {
  test('keeps 32 Mi characters and refuses more with 45034, until a draft goes', () => {
    const { drafts, write } = desk();
    const full = expect.objectContaining({ errcode: 45034 });
    const long = 'x'.repeat(19_998);
    // Title and digest have a character each: 160,000 in a draft.
    const written = Array.from({ length: 209 }, () => write(long, 8));
    expect(() => write(long, 8)).toThrow(full);
    expect(drafts.list()).toHaveLength(209);
    drafts.delete(written[0]?.mediaId);
    expect(write(long, 8).articles).toHaveLength(8);
  });

  test('keeps 10,000 drafts, each of which can still be changed', () => {
    const { drafts, write } = desk();
    const [first] = Array.from({ length: 10_000 }, () => write());
    expect(() => write()).toThrow(expect.objectContaining({ errcode: 45034 }));
    const { thumbMediaId } = first?.articles[0] ?? expect.fail('no article');
    drafts.update(first?.mediaId, 0, article(thumbMediaId, { title: 'new' }));
    expect(drafts.find(first?.mediaId ?? '')?.articles[0]?.title).toBe('new');
  });

  test('gives everything back after a restart', () => {
    const { drafts, write } = desk();
    const draft = write();
    const other = desk().drafts;
    other.restore(JSON.parse(JSON.stringify(drafts.save())) as ReturnType<typeof drafts.save>);
    expect(other.list()).toEqual([draft]);
    expect(other.findPage(draft.articles[0]?.pageId ?? '')?.article).toEqual(draft.articles[0]);
  });
});

describe('createPublications()', () => {
  test('keeps 1000 and forgets the oldest', () => {
    const { publications, publish } = desk();
    const first = publish();
    const second = publish();
    for (let count = 2; count < 1000; count += 1) publish();
    expect(publications.find(first.publishId)).toBe(first);
    publish();
    expect([publications.find(first.publishId), publications.find(second.publishId)]).toEqual([
      undefined,
      second,
    ]);
  });

  test('goes on after a restart, with other ids than before', () => {
    const { publications, publish } = desk();
    const before = publish();
    const { publications: other, publish: publishMore } = desk();
    other.restore(JSON.parse(JSON.stringify(publications.save())) as ReturnType<typeof publications.save>);
    expect(other.findArticles(before.articleId)).toEqual(before);
    expect(publishMore().publishId).toBe(String(Number(before.publishId) + 1));
    expect([before.publishId, before.articleId].map((id) => other.owns(id))).toEqual([true, true]);
  });
});
