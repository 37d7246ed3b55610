import type { ReactNode } from 'react';

/** The head of an incident or a maintenance in the console's lists; `children` is the quiet line, `standing` how it stands. */
export function EntryHead({ title, standing, children }: { title: string; standing: ReactNode; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
      <div className="min-w-0 flex-1 basis-56">
        <h3 className="break-words text-sm font-semibold">
          <bdi>{title}</bdi>
        </h3>
        <p className="text-xs text-ink-soft">{children}</p>
      </div>
      {standing}
    </div>
  );
}
