import type { ReactNode } from 'react';
import { cn } from './cn';
import { CopyButton } from './copy-button';

/** Words of a machine inside a sentence: a branch, a path, a version. */
export function Mono({ children, className }: { children: ReactNode; className?: string }) {
  return <code className={cn('break-words font-mono text-[0.92em]', className)}>{children}</code>;
}

interface CodeProps {
  children: string;
  /** Names the block for screen readers: "Set-up command". */
  label: string;
  className?: string;
}

/** A block of machine text, scrollable on its own, with a copy button. */
export function Code({ children, label, className }: CodeProps) {
  return (
    <div className={cn('flex min-w-0 items-start rounded-md border border-line bg-raised', className)}>
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll box must be reachable by keyboard.
        tabIndex={0}
        className="min-w-0 flex-1 overflow-x-auto rounded-md px-3 py-2.5"
      >
        <pre className="text-xs leading-5">
          <code>{children}</code>
        </pre>
      </section>
      <CopyButton value={children} label={`Copy ${label.toLowerCase()}`} className="m-1" />
    </div>
  );
}
