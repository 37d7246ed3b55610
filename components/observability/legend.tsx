import { cn } from '@/components/ui/cn';

const MARKS = [
  ['border-l-2 border-dotted border-good', 'live'],
  ['border-l-2 border-dashed border-warn', 'rolled back'],
  ['border-l-2 border-dashed border-bad', 'failed'],
  ['w-3 border border-busy bg-busy-wash', 'freeze'],
  ['h-0 w-4 self-center border-t-2 border-dashed border-accent', 'usual (p50)'],
  ['h-0 w-4 self-center border-t-2 border-dotted border-warn', 'worse end (p95)'],
] as const;

/** What the marks in the charts mean; the read-out under each chart says the same in words. */
export function Legend({ compare }: { compare: boolean }) {
  const marks = compare
    ? [...MARKS, ['size-2 self-center rounded-full bg-ink-faint/50', 'the time before'] as const]
    : MARKS;
  return (
    <ul aria-label="What the marks mean" className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-soft">
      {marks.map(([look, label]) => (
        <li key={label} className="flex gap-1.5">
          <span aria-hidden className={cn('h-4', look)} />
          {label}
        </li>
      ))}
    </ul>
  );
}
