/** State that gives out ids by which a call is known to be its account's, where several accounts share one address. */
export interface Owner {
  /** Whether it has given out this id, be it good or dead. */
  owns(id: string): boolean;
}
