/**
 * JSON that may stand in a script inside a page: no text of it ends the script, opens a comment in it, or is a line end
 * for old browsers.
 */
export function formatScriptJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
