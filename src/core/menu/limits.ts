/**
 * What the page of menu/create（创建接口）and that of addconditional（个性化菜单）allow. The rules read this, and so does the
 * generator of `menus/menu.schema.json`. Bytes are those of UTF-8.
 */

export const topButtons = { min: 1, max: 3 } as const;
export const subButtons = { min: 1, max: 5 } as const;
export const maxNameBytes = { top: 16, second: 60 } as const;
/** Chinese characters that the app shows before it writes "…". */
export const shownCharacters = { top: 4, second: 8 } as const;
export const maxKeyBytes = 128;
export const maxUrlBytes = 1024;
/** Sites that all conditional menus together may link to. */
export const maxSites = 3;

/** A URL of a button: http or https, and a domain. */
export const urlStart = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^/?#\s]/;
/** The AppID of a mini program. Quirk: with capital letters it is refused, although they are equal everywhere else. */
export const miniProgramAppId = /^wx[0-9a-f]{16}$/;

/** Fields of a match rule that are accepted today. */
export const matchFields = ['tag_id', 'client_platform_type'] as const;
/** Fields of the past; a rule with one of them is refused. */
export const privateMatchFields: readonly string[] = ['sex', 'country', 'province', 'city', 'language'];
/** iOS, Android, others. */
export const platformTypes: readonly string[] = ['1', '2', '3'];
/** The id of a tag, a text. */
export const tagId = /^\d+$/;
