/** A place as the person points at it on a map. */
import type { Field } from '../parts/form.tsx';

type Values = Readonly<Record<string, string>>;

export const placeFields: readonly Field[] = [
  {
    name: 'latitude',
    label: { en: 'Latitude', zh: '纬度' },
    kind: 'number',
    value: '23.134521',
    min: -90,
    max: 90,
    required: true,
  },
  {
    name: 'longitude',
    label: { en: 'Longitude', zh: '经度' },
    kind: 'number',
    value: '113.358803',
    min: -180,
    max: 180,
    required: true,
  },
  { name: 'label', label: { en: 'Address', zh: '地址' }, value: '广州市海珠区新港中路 397 号' },
];

export function readPlace({ latitude, longitude, label }: Values): {
  latitude: number;
  longitude: number;
  label?: string;
} {
  const place = { latitude: Number(latitude), longitude: Number(longitude) };
  return label === undefined || label === '' ? place : { ...place, label };
}
