/** The paths that the real platform has, so that a call the simulator cannot answer is told from a misspelt one. */
import paths from './known-paths.json' with { type: 'json' };

/** The methods with which the platform has this path; empty for a path that it does not have. */
export function platformMethods(path: string): readonly string[] {
  return Object.entries(paths).flatMap(([method, list]) => (list.includes(path) ? [method] : []));
}
