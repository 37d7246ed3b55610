import { Mono } from '@/components/ui/code';
import { EmptyState } from '@/components/ui/empty-state';
import { Notice } from '@/components/ui/notice';
import { Facts, Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import type { ConnectionDetail } from '@/lib/connections/model/view';

/** What the provider said the last time it was asked; every problem with its mend. */
export function HealthPanel({ connection }: { connection: ConnectionDetail }) {
  const { report, checkedAt, expiresAt } = connection;
  if (!report) {
    return (
      <Panel title="Health">
        {connection.problem ? <Notice tone="warn" title={connection.problem} /> : null}
        <EmptyState title="Not checked yet" className="py-6">
          Check now asks the provider whether the credential works and what it may do.
        </EmptyState>
        {expiresAt ? <Facts items={[{ name: 'Expiry', value: <RelativeTime at={expiresAt} /> }]} /> : null}
      </Panel>
    );
  }
  return (
    <Panel title="Health">
      <div className="grid gap-4">
        {report.problems.map((problem) => (
          <Notice key={problem} tone={report.ok ? 'warn' : 'bad'} title={problem} />
        ))}
        {report.notes?.map((note) => (
          <p key={note} className="max-w-prose text-sm text-ink-soft">
            {note}
          </p>
        ))}
        <Facts
          items={[
            { name: 'Acts as', value: report.account || 'not known' },
            { name: 'Last checked', value: checkedAt ? <RelativeTime at={checkedAt} /> : 'never' },
            { name: 'Expiry', value: expiresAt ? <RelativeTime at={expiresAt} /> : 'no date known' },
            { name: 'May do', value: <Scopes scopes={report.scopes} /> },
          ]}
        />
      </div>
    </Panel>
  );
}

function Scopes({ scopes }: { scopes: readonly string[] }) {
  if (scopes.length === 0) return 'the provider does not list it';
  return (
    <ul className="flex flex-wrap gap-1.5">
      {scopes.map((scope) => (
        <li key={scope} className="flex max-w-full rounded border border-line px-1.5 text-ink-soft">
          <Mono className="min-w-0">{scope}</Mono>
        </li>
      ))}
    </ul>
  );
}
