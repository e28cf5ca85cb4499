/** A sentence for people, in both languages of the tool. Errors, help and notes are all made of these. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

export type Language = keyof Text;
