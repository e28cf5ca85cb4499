/** The files of the simulator's page, which the build puts beside the tool. */
import type { Files } from '../../io/ports.ts';
import type { ReadAsset } from './page-assets.ts';

/** Reads a file of the page by its name, each time it is asked for. `folder` is that of the running file. */
export function createPageReader(files: Pick<Files, 'read'>, folder: string): ReadAsset {
  return (name) => files.read(`${folder}/page/${name}`);
}
