/** The calls of the platform and the messages that it pushes, read when somebody first needs them. */
import { computed, signal } from '@preact/signals';
import type { Text } from '../../core/text/text.ts';
import type { CatalogueEntry, SampleView } from '../control/types/index.ts';
import { readControl } from './control.ts';

export const catalogue = signal<readonly CatalogueEntry[]>([]);
const samples = signal<readonly SampleView[]>([]);

let reading: Promise<void> | undefined;

export function readCatalogue(): Promise<void> {
  reading ??= read().catch((error: unknown) => {
    reading = undefined;
    throw error;
  });
  return reading;
}

async function read(): Promise<void> {
  const [calls, pushed] = await Promise.all([
    readControl<readonly CatalogueEntry[]>('catalogue'),
    readControl<readonly SampleView[]>('samples'),
  ]);
  catalogue.value = calls;
  samples.value = pushed;
}

export const callTitles = computed<ReadonlyMap<string, Text>>(
  () => new Map(catalogue.value.map(({ path, title }) => [path, title])),
);

export const pushTitles = computed<ReadonlyMap<string, Text>>(
  () => new Map(samples.value.map(({ id, title }) => [id, title])),
);
