/** The bytes of standard Base64 with padding; `undefined` for every other spelling, as Node skips what is not Base64. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined;
}
