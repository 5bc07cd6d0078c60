import type { JSX } from 'preact';

interface Props {
  readonly file: string;
  readonly line: number | null;
  readonly column?: number;
}

/** `people/email.yaml:12:5`; a path may break after a slash. */
export function Place({ file, line, column }: Props): JSX.Element {
  const parts = file.split('/');
  return (
    <code class="place">
      {parts.map((part, index) => (
        <>
          {index > 0 && (
            <>
              /<wbr />
            </>
          )}
          {part}
        </>
      ))}
      {line !== null && <span class="place-line">:{line}</span>}
      {column !== undefined && <span class="place-line">:{column}</span>}
    </code>
  );
}
