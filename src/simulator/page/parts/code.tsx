/** Text as it went over the wire, in a box that can be scrolled with the keyboard. */
import { Hint } from './box.tsx';
import { notify } from './notice.ts';

export function Code({ label, value }: { label: string; value: unknown }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return (
    <figure class="code">
      <figcaption>{label}</figcaption>
      {text === undefined || text === '' || value === null ? (
        <Hint text={{ en: 'Empty', zh: '空' }} />
      ) : (
        <pre tabIndex={0} role="region" aria-label={label}>
          {text}
        </pre>
      )}
    </figure>
  );
}

export function Pairs({ label, pairs }: { label: string; pairs: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(pairs);
  if (entries.length === 0) return null;
  return (
    <figure class="code">
      <figcaption>{label}</figcaption>
      <dl class="pairs">
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify({ en: 'Copied', zh: '已复制' });
  } catch {
    notify({ en: 'The browser does not allow copying here', zh: '浏览器不允许复制' }, true);
  }
}
