import type { ReactNode } from 'react';

/** The one box of a page for people who are not signed in. */
export function EntryCard({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <section className="rounded-lg border border-line bg-surface p-5 shadow-float sm:p-7">
      <h1 className="text-xl font-semibold tracking-[-0.015em]">{title}</h1>
      {lead ? <p className="mt-1 text-base text-pretty text-ink-soft">{lead}</p> : null}
      <div className="mt-5 grid gap-4">{children}</div>
    </section>
  );
}
