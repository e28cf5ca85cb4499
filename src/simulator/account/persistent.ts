import { isObject, own } from '../../core/text/json-value.ts';

/** State that outlives the process: everything that `save` gives is JSON. */
export interface Persistent<Saved> {
  save(): Saved;
  /** Takes back what `save` gave, in the place of what is there. */
  restore(saved: Saved): void;
}

/**
 * Whether a value has the form of what a new noun saves: a list for a list, and of an object every field of the same
 * kind. A file that somebody has edited must fail when it is read, and not in some later call.
 */
export function hasFormOf(sample: unknown, value: unknown): boolean {
  if (!isObject(sample)) return kindOf(value) === kindOf(sample);
  return (
    isObject(value) &&
    Object.entries(sample).every(
      ([name, field]) => isEmpty(field) || kindOf(own(value, name)) === kindOf(field),
    )
  );
}

/** What a new noun does not have yet says nothing about its form. */
function isEmpty(field: unknown): boolean {
  return field === undefined || field === null;
}

function kindOf(value: unknown): string {
  // No noun keeps nothing in a list.
  if (Array.isArray(value)) return value.includes(null) ? 'list with gaps' : 'list';
  return value === null ? 'null' : typeof value;
}
