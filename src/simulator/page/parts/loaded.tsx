/** Parts of the page that are loaded when they are first shown: the first sight waits for nothing else. */
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { attempt } from './notice.ts';

type Component<Props> = (props: Props) => ComponentChild;
type NoProps = Readonly<Record<string, never>>;

/** A component that shows nothing until its file is there. */
export function loaded<Props extends object = NoProps>(
  load: () => Promise<Component<Props>>,
): Component<Props> {
  const component = signal<{ readonly draw: Component<Props> } | null>(null);
  let isLoading = false;
  return function Loaded(props) {
    if (!isLoading) {
      isLoading = true;
      void attempt(async () => (component.value = { draw: await load() }));
    }
    const draw = component.value?.draw;
    if (draw === undefined) return null;
    const Part = draw;
    return <Part {...props} />;
  };
}
