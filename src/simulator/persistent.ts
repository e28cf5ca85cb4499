/** State that outlives the process: everything that `save` gives is JSON. */
export interface Persistent<Saved> {
  save(): Saved;
  /** Takes back what `save` gave, in the place of what is there. */
  restore(saved: Saved): void;
}
