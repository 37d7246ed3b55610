import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';

const SIZES = ['text-2xl', 'text-lg', 'text-base', 'text-sm'] as const;

export function Heading({ depth, id, children }: { depth: number; id: string; children: ReactNode }) {
  const Tag = `h${Math.min(Math.max(depth, 1), 6)}` as 'h1' | 'h2' | 'h3' | 'h4' | 'h5' | 'h6';
  const size = SIZES[Math.min(depth, SIZES.length) - 1];
  return (
    <Tag id={id} className={cn(size, 'font-semibold tracking-[-0.011em]', depth === 1 ? 'mb-4' : 'mt-8 mb-2')}>
      {children}
    </Tag>
  );
}

export function CodeBlock({ text }: { text: string }) {
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll box must be reachable by keyboard.
      tabIndex={0}
      className="my-4 overflow-x-auto rounded-md border border-line bg-surface p-3 text-sm"
    >
      <code>{text}</code>
    </pre>
  );
}

/** The cells of a document are texts of any length: it scrolls in its own box. */
export function DocTable({ head, rows }: { head: readonly ReactNode[]; rows: readonly (readonly ReactNode[])[] }) {
  return (
    <section
      aria-label="Table"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll box must be reachable by keyboard.
      tabIndex={0}
      className="my-4 overflow-x-auto rounded-md border border-line bg-surface"
    >
      <table className="w-full border-collapse text-sm [&_td]:min-w-24 [&_td]:px-3 [&_td]:py-2 [&_td]:align-top [&_th]:px-3 [&_th]:py-2 [&_th]:text-left [&_th]:font-medium">
        <thead className="border-b border-line text-xs text-ink-faint">
          <tr>
            {head.map((cell, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a document does not move.
              <th key={at} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a document does not move.
            <tr key={line}>
              {row.map((cell, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a document does not move.
                <td key={at}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function ListItem({ children }: { children: ReactNode }) {
  return <li className="text-pretty pl-0.5 leading-6 [&_p]:my-0">{children}</li>;
}

const BASE = process.env.AETHERSTACK_BASE_PATH ?? '';

/** Served as it is: a picture of the documents needs no other sizes. */
export function Picture({ path, words }: { path: string; words: string }) {
  return (
    // biome-ignore lint/performance/noImgElement: there is no image server behind an export.
    <img
      src={`${BASE}/docs/files/${path}`}
      alt={words}
      loading="lazy"
      className="my-4 max-w-full rounded-md border border-line bg-surface"
    />
  );
}
