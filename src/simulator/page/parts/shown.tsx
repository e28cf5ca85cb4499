/** A picture, or what stands for it where there is none. */
import type { ComponentChild } from 'preact';
import { useState } from 'preact/hooks';
import { controlAddress } from '../control.ts';

/** A path of the control side as the browser asks for it. */
export function mediaAddress(path: string | null): string | null {
  return path?.startsWith('/_ctl/') === true ? controlAddress(path.slice('/_ctl/'.length)) : path;
}

/** A picture; `children` where there is none or it is gone. */
export function Shown({
  src,
  alt,
  class: name,
  children = null,
}: {
  src: string | null;
  alt: string;
  class?: string;
  children?: ComponentChild;
}) {
  const [failed, setFailed] = useState<string | null>(null);
  if (src === null || src === '' || failed === src) return children;
  return <img class={name} src={src} alt={alt} onError={() => setFailed(src)} />;
}
