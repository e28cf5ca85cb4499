/** The texts of a form that has been sent, by field name; a tick is `on`. The browser does not send it itself. */
export function readForm(event: SubmitEvent): Readonly<Record<string, string>> {
  event.preventDefault();
  const texts: Record<string, string> = {};
  for (const [name, value] of new FormData(event.currentTarget as HTMLFormElement)) {
    if (typeof value === 'string') texts[name] = value;
  }
  return texts;
}

export async function readFiles(form: HTMLFormElement): Promise<Readonly<Record<string, string>>> {
  const chosen = [...new FormData(form)].filter(
    (entry): entry is [string, File] => entry[1] instanceof File && entry[1].size > 0,
  );
  return Object.fromEntries(
    await Promise.all(chosen.map(async ([name, file]) => [name, await readDataUrl(file)] as const)),
  );
}

export function readDataUrl(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result as string));
    reader.addEventListener('error', () => reject(reader.error ?? new Error('unreadable')));
    reader.readAsDataURL(file);
  });
}
