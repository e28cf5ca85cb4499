import { describe, expect, test } from 'vitest';
import { parseQrRequest, qrRequestBody, showQrUrl, validateScene } from '../../../src/core/qrcode/qrcode.ts';
import type { QrScene } from '../../../src/core/qrcode/qrcode.ts';

const temporary = (scene: number | string, expireSeconds = 60): QrScene => ({
  permanent: false,
  scene,
  expireSeconds,
});
const permanent = (scene: number | string): QrScene => ({ permanent: true, scene });
const fieldsOf = (scene: QrScene) => validateScene(scene).map(({ field }) => field);

describe('validateScene()', () => {
  test.each([
    temporary(1),
    temporary(4_294_967_295),
    permanent(1),
    permanent(100_000),
    temporary('1'),
    permanent('x'.repeat(64)),
    temporary('你'.repeat(64)),
    temporary('😀'.repeat(64)),
    temporary(1, 1),
    temporary(1, 2_592_000),
  ])('validateScene() accepts %j', (scene) => {
    expect(validateScene(scene)).toEqual([]);
  });

  test.each([
    [temporary(0), ['scene']],
    [temporary(-1), ['scene']],
    [temporary(4_294_967_296), ['scene']],
    [temporary(1.5), ['scene']],
    [temporary(Number.NaN), ['scene']],
    [permanent(0), ['scene']],
    [permanent(100_001), ['scene']],
    [temporary(''), ['scene']],
    [permanent(''), ['scene']],
    [permanent('x'.repeat(65)), ['scene']],
    [temporary('你'.repeat(65)), ['scene']],
    [temporary(1, 0), ['expire']],
    [temporary(1, 2_592_001), ['expire']],
    [temporary(1, 1.5), ['expire']],
    [temporary(0, 0), ['scene', 'expire']],
  ])('validateScene() finds in %j: %j', (scene, fields) => {
    expect(fieldsOf(scene)).toEqual(fields);
    expect(validateScene(scene).every(({ errcode, text }) => errcode === 40053 && text.en !== text.zh)).toBe(
      true,
    );
  });
});

describe('qrRequestBody()', () => {
  const cases: readonly (readonly [QrScene, string])[] = [
    [
      temporary(123, 604_800),
      '{"expire_seconds":604800,"action_name":"QR_SCENE","action_info":{"scene":{"scene_id":123}}}',
    ],
    [
      temporary('test', 604_800),
      '{"expire_seconds":604800,"action_name":"QR_STR_SCENE","action_info":{"scene":{"scene_str":"test"}}}',
    ],
    [permanent(123), '{"action_name":"QR_LIMIT_SCENE","action_info":{"scene":{"scene_id":123}}}'],
    [permanent('test'), '{"action_name":"QR_LIMIT_STR_SCENE","action_info":{"scene":{"scene_str":"test"}}}'],
  ];

  test.each(cases)('qrRequestBody() writes %j as the platform documents it', (scene, body) => {
    expect(JSON.stringify(qrRequestBody(scene))).toBe(body);
  });

  test.each(cases)('parseQrRequest() reads %j again', (scene, body) => {
    expect(parseQrRequest(JSON.parse(body))).toEqual({ scene });
  });
});

describe('parseQrRequest()', () => {
  const info = (scene: object) => ({ action_info: { scene } });

  test('parseQrRequest() fills in 60 seconds and reads numbers written as text', () => {
    expect(parseQrRequest({ action_name: 'QR_SCENE', ...info({ scene_id: '7' }) })).toEqual({
      scene: temporary(7),
    });
  });

  test.each([null, [], 'a', 1, undefined])('parseQrRequest() answers 47001 to %j', (body) => {
    expect(parseQrRequest(body)).toEqual({ errcode: 47001 });
  });

  test.each([undefined, 'QR', 'qr_scene', 'QR_SCENES', 'QR_STR_LIMIT_SCENE', 1])(
    'parseQrRequest() answers 40052 to the action %j',
    (action_name) => {
      expect(parseQrRequest({ action_name, ...info({ scene_id: 1 }) })).toEqual({ errcode: 40052 });
    },
  );

  test.each([
    { action_name: 'QR_SCENE' },
    { action_name: 'QR_SCENE', action_info: 1 },
    { action_name: 'QR_SCENE', ...info({}) },
    { action_name: 'QR_SCENE', ...info({ scene_str: 'a' }) },
    { action_name: 'QR_STR_SCENE', ...info({ scene_id: 1 }) },
    { action_name: 'QR_STR_SCENE', ...info({ scene_str: '' }) },
    { action_name: 'QR_SCENE', ...info({ scene_id: 0 }) },
    { action_name: 'QR_SCENE', ...info({ scene_id: '1x' }) },
    { action_name: 'QR_LIMIT_SCENE', ...info({ scene_id: 100_001 }) },
    { action_name: 'QR_SCENE', expire_seconds: 2_592_001, ...info({ scene_id: 1 }) },
    { action_name: 'QR_SCENE', expire_seconds: 'soon', ...info({ scene_id: 1 }) },
  ])('parseQrRequest() answers 40053 to %j', (body) => {
    expect(parseQrRequest(body)).toEqual({ errcode: 40053 });
  });
});

describe('showQrUrl()', () => {
  test('showQrUrl() percent-encodes the ticket', () => {
    const url = 'https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=a%2Bb%2Fc%3D%3D';
    expect(showQrUrl('https://mp.weixin.qq.com', 'a+b/c==')).toBe(url);
    expect(showQrUrl('https://mp.weixin.qq.com/', 'a+b/c==')).toBe(url);
  });
});
