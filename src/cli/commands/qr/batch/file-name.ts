/** File names out of what people call things. */

/** Characters, and bytes in UTF-8: file systems allow 255 bytes, of which an ending and a temporary name need some. */
const maxCharacters = 120;
const maxBytes = 200;

/** What Windows refuses, path separators, control characters, and those that turn text round or cannot be seen. */
const unsafe =
  // oxlint-disable-next-line no-control-regex
  /[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffd\p{Cs}]/gu;

/** Quirk: Windows keeps these names for devices, whatever follows the first dot, and reads superscript digits as digits. */
const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)/i;

/**
 * A name that stays in its folder and that every file system takes, without an ending: `../../etc/x` becomes
 * `_._.._etc_x`. Different texts may become the same name; see `fileNameKey`.
 */
export function safeFileName(text: string): string {
  const replaced = text.normalize('NFC').replaceAll(unsafe, '_');
  // A leading dash would be taken for a flag by the next command, a leading tilde for a home.
  const cut = cutToFit(replaced.replace(/^[.\-~\s]+/, '_')).replace(/[.\s]+$/, '_');
  if (cut === '') return '_';
  return reserved.test(cut) ? `_${cut}` : cut;
}

/** Equal for two names that some file system takes for one: it knows no case, or stores accents in its own way. */
export function fileNameKey(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase();
}

/** Never in the middle of a character. */
function cutToFit(text: string): string {
  let bytes = 0;
  let cut = '';
  for (const character of Array.from(text).slice(0, maxCharacters)) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    cut += character;
  }
  return cut;
}
