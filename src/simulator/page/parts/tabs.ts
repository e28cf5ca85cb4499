/** What arrow keys do in a list of tabs, as the pattern for tabs has it: they move the choice and the focus. */
export function arrowKeys<Name extends string>(
  names: readonly Name[],
  chosen: Name | undefined,
  choose: (name: Name) => void,
) {
  return (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = names.at((names.findIndex((name) => name === chosen) + step) % names.length);
    if (next !== undefined) choose(next);
    const list = event.currentTarget as HTMLElement;
    requestAnimationFrame(() => list.querySelector<HTMLElement>('[aria-selected=true]')?.focus());
  };
}
