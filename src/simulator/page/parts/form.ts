/** The texts of a form that has been sent, by field name; a tick is `on`. The browser does not send it itself. */
export function readForm(event: SubmitEvent): Readonly<Record<string, string>> {
  event.preventDefault();
  const texts: Record<string, string> = {};
  for (const [name, value] of new FormData(event.currentTarget as HTMLFormElement)) {
    if (typeof value === 'string') texts[name] = value;
  }
  return texts;
}
