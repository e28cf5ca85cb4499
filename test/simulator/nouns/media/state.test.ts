import { describe, expect, test } from 'vitest';
import { checkUpload } from '../../../../src/simulator/nouns/media/rules.ts';
import { createSeededRandom } from '../../../../src/simulator/random/seeded.ts';
import { createMedia, type Media } from '../../../../src/simulator/nouns/media/state.ts';
import type { Clock } from '../../../../src/io/ports.ts';
import { jpg, megabyte, mp4 } from '../../uploads.ts';

const clock: Clock = { now: () => 0, monotonic: () => 0, sleep: async () => {} };
const newMedia = (): Media => createMedia(clock, createSeededRandom(1, 'media'));
const picture = (length: number) =>
  checkUpload('image', { fileName: 'a.jpg', bytes: jpg(length) }, 'permanent');
const video = (length: number) =>
  checkUpload('video', { fileName: 'a.mp4', bytes: mp4(length) }, 'permanent');
/** As a state file has it. */
const saved = (media: Media): Media => {
  const other = newMedia();
  other.restore(JSON.parse(JSON.stringify(media.save())) as ReturnType<Media['save']>);
  return other;
};

describe('createMedia()', () => {
  test('keeps 1000 temporary media and forgets the oldest', () => {
    const media = newMedia();
    const ids = Array.from({ length: 1001 }, () => media.addTemporary('image', picture(64)).mediaId);
    expect(media.find(ids[0] ?? '')).toBeUndefined();
    expect(media.find(ids[1] ?? '')?.mediaId).toBe(ids[1]);
    expect(media.snapshot()).toMatchObject({ temporary: 1000, bytes: 64_000 });
  });

  test('keeps 128 MB of temporary media, and one more at the cost of the oldest', () => {
    const media = newMedia();
    const file = picture(8 * megabyte);
    const ids = Array.from({ length: 16 }, () => media.addTemporary('image', file).mediaId);
    expect(media.find(ids[0] ?? '')).toBeDefined();
    media.addTemporary('image', picture(64));
    expect(media.find(ids[0] ?? '')).toBeUndefined();
    expect(media.find(ids[1] ?? '')).toBeDefined();
  });

  test('keeps permanent media and refuses beyond 128 MB with 45034, until one is deleted', () => {
    const media = newMedia();
    const file = picture(8 * megabyte);
    const [first] = Array.from({ length: 16 }, () => media.addPermanent('image', file).mediaId);
    expect(() => media.addPermanent('image', picture(64))).toThrow(
      expect.objectContaining({ errcode: 45034 }),
    );
    expect(media.count('image')).toBe(16);
    media.delete(first ?? '');
    expect(media.addPermanent('image', picture(64)).mediaId).toHaveLength(64);
  });

  test('keeps 1000 permanent videos and refuses another with 45034, and no picture', () => {
    const media = newMedia();
    const file = video(64);
    for (let count = 0; count < 1000; count += 1) media.addPermanent('video', file);
    expect(() => media.addPermanent('video', file)).toThrow(expect.objectContaining({ errcode: 45034 }));
    expect(media.addPermanent('thumb', picture(64)).type).toBe('thumb');
    expect([media.count('video'), media.count('image')]).toEqual([1000, 1]);
  });

  test('gives everything back after a restart: content, names, words, addresses', () => {
    const media = newMedia();
    const words = { title: '标题', introduction: '介绍' };
    const added = [
      media.addTemporary('image', picture(100)),
      media.addPermanent('video', video(200), words),
      media.addArticlePicture(picture(300)),
    ];
    const other = saved(media);
    for (const medium of added) expect(other.findByKey(medium.key)).toEqual(medium);
    expect(other.find(added[1]?.mediaId ?? '')).toMatchObject(words);
    expect(other.snapshot()).toEqual(media.snapshot());
  });

  test('saves 16 MB: permanent media first, then what is newest', () => {
    const media = newMedia();
    const old = media.addTemporary('image', picture(6 * megabyte));
    const recent = media.addTemporary('image', picture(6 * megabyte));
    const kept = media.addPermanent('image', picture(8 * megabyte));
    const other = saved(media);
    expect(other.find(kept.mediaId)?.bytes).toHaveLength(8 * megabyte);
    expect(other.find(recent.mediaId)?.bytes).toHaveLength(6 * megabyte);
    expect(other.find(old.mediaId)).toBeUndefined();
  });

  test('owns what it has given out, under the id and under the address', () => {
    const media = newMedia();
    const { mediaId, key } = media.addTemporary('image', picture(64));
    expect([media.owns(mediaId), media.owns(key), media.owns('M')]).toEqual([true, true, false]);
  });
});
