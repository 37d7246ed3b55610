import { cn } from '@/components/ui/cn';
import { type Tone, ToneIcon } from '@/components/ui/tone';

interface ExampleCell {
  version: string;
  tone: Tone;
  word: string;
}

const rows: { name: string; cells: [ExampleCell, ExampleCell] }[] = [
  {
    name: 'backend',
    cells: [
      { version: '2.14.0', tone: 'busy', word: 'deploying' },
      { version: '2.13.2', tone: 'good', word: 'healthy' },
    ],
  },
  {
    name: 'extension',
    cells: [
      { version: '0.9.1', tone: 'good', word: 'published' },
      { version: '0.9.0', tone: 'warn', word: 'in review' },
    ],
  },
  {
    name: 'dashboard',
    cells: [
      { version: '5e1c0a9', tone: 'good', word: 'healthy' },
      { version: '5e1c0a9', tone: 'good', word: 'healthy' },
    ],
  },
  {
    name: 'docs',
    cells: [
      { version: '2.14', tone: 'good', word: 'live' },
      { version: '2.13', tone: 'neutral', word: 'pinned' },
    ],
  },
];

/** A drawing of the first screen; says that it is one. */
export function ExampleBoard({ className }: { className?: string }) {
  return (
    <figure className={cn('m-0', className)}>
      <div className="overflow-hidden rounded-lg border border-line bg-surface">
        <table className="w-full table-fixed border-collapse text-sm">
          <caption className="sr-only">An example of what runs where; not live data</caption>
          <thead className="text-xs text-ink-faint">
            <tr className="border-b border-line [&>th]:px-3 [&>th]:py-2 [&>th]:text-left [&>th]:font-medium sm:[&>th]:px-4">
              <th scope="col" className="w-26 sm:w-1/3">
                Component
              </th>
              <th scope="col">Staging</th>
              <th scope="col">Production</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row" className="truncate px-3 py-3 text-left font-medium sm:px-4">
                  {row.name}
                </th>
                <BoardCell cell={row.cells[0]} />
                <BoardCell cell={row.cells[1]} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <figcaption className="mt-2 text-xs text-ink-faint">An example, not live data.</figcaption>
    </figure>
  );
}

function BoardCell({ cell }: { cell: ExampleCell }) {
  return (
    <td className="px-3 py-3 align-top sm:px-4">
      <span className="flex flex-col gap-x-4 gap-y-0.5 sm:flex-row sm:items-center">
        <code className="w-16 text-[0.92em] tabular-nums">{cell.version}</code>
        <span className="flex min-w-0 items-center gap-1.5 text-xs text-ink-soft">
          <ToneIcon tone={cell.tone} className="animate-none" />
          <span className="truncate">{cell.word}</span>
        </span>
      </span>
    </td>
  );
}
