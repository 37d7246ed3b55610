import { cn } from '@/components/ui/cn';

/** A unified diff; the signs say what the colours say. */
export function DiffLines({ text, label }: { text: string; label: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll box must be reachable by keyboard.
      tabIndex={0}
      className="max-h-96 overflow-auto rounded-md border border-line bg-raised px-3 py-2.5"
    >
      <pre className="text-xs leading-5">
        {text.split('\n').map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text, which never change places.
          <code key={at} className={cn('block', lookOf(line))}>
            {line === '' ? ' ' : line}
          </code>
        ))}
      </pre>
    </section>
  );
}

function lookOf(line: string): string | undefined {
  if (line.startsWith('+++') || line.startsWith('---') || line.startsWith('@@')) return 'text-ink-faint';
  if (line.startsWith('+')) return 'text-good';
  return line.startsWith('-') ? 'text-bad' : undefined;
}
