/** What 模板消息 has in its library: industries（行业代码）, and templates of which an account chooses its own. */
import table from './library.json' with { type: 'json' };

export interface Industry {
  readonly first_class: string;
  readonly second_class: string;
}

/** The first one has the code 1. */
const industries: readonly Industry[] = table.industries.flatMap(([first_class = '', ...second]) =>
  second.map((second_class) => ({ first_class, second_class })),
);

/** `undefined` for a code that no industry has. Quirk: codes are written as text. */
export function findIndustry(code: unknown): Industry | undefined {
  const digits = typeof code === 'number' ? String(code) : code;
  return typeof digits === 'string' && /^[1-9]\d?$/.test(digits) ? industries[Number(digits) - 1] : undefined;
}

export interface LibraryTemplate {
  /** 模板编号, the template_id_short of api_add_template. */
  readonly shortId: string;
  readonly title: string;
  readonly keywords: readonly {
    readonly name: string;
    /** Kind and number, as it will stand in the content. */
    readonly code: string;
    readonly example: string;
  }[];
}

/** 类目模板库. The real one is larger and differs by the categories of an account. */
const library: readonly LibraryTemplate[] = table.templates;

export function findLibraryTemplate(shortId: string): LibraryTemplate | undefined {
  return library.find((template) => template.shortId === shortId);
}

/** A template that the account has chosen, as get_all_private_template tells it. */
export interface OwnTemplate {
  readonly template_id: string;
  readonly title: string;
  readonly primary_industry: string;
  readonly deputy_industry: string;
  readonly content: string;
  readonly example: string;
}

/** What every account begins with, so that it can send at once. The first id and its keywords are those of the official example. */
export const firstTemplates: readonly OwnTemplate[] = table.first;
