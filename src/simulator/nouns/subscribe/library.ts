/** What 订阅通知 has in its library: categories（类目）, and public templates of which an account chooses keywords. */
import table from './library.json' with { type: 'json' };

export const categories: readonly { readonly id: number; readonly name: string }[] = table.categories;

export interface PublicTemplate {
  readonly tid: number;
  readonly title: string;
  /** 2 one-time, 3 long-term. */
  readonly type: number;
  readonly categoryId: string;
  readonly keywords: readonly PublicKeyword[];
}

interface PublicKeyword {
  readonly kid: number;
  readonly name: string;
  readonly example: string;
  /** Its kind: `thing`, `time` … */
  readonly rule: string;
}

/** The real library is larger. */
export const publicTemplates: readonly PublicTemplate[] = table.templates;

export const minKeywords = 2;
export const maxKeywords = 5;

/** A template that the account has chosen, as gettemplate tells it. */
export interface OwnSubscription {
  readonly priTmplId: string;
  readonly title: string;
  readonly content: string;
  readonly example: string;
  readonly keywordEnumValueList?:
    | readonly {
        readonly enumValueList: readonly string[];
        readonly keywordCode: string;
      }[]
    | undefined;
  readonly type: number;
}

/** What every account begins with: the templates of the official example. */
export const firstSubscriptions: readonly OwnSubscription[] = table.first;
