/** What a profile may be called: it stands in command lines, in JSON and in names of settings. */
export function isProfileName(name: string): boolean {
  return /^[A-Za-z0-9][\w-]{0,63}$/.test(name);
}
