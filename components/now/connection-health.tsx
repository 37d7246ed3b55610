import { ConnectionState } from '@/components/connections/connection-state';
import { cn } from '@/components/ui/cn';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import type { NowView } from '@/lib/deployments/model/view';

type Connection = NowView['connections'][number];

/** As many that work stand by themselves; more are folded, so that what needs a look is not one line of many. */
const MOST_SHOWN = 3;

const works = ({ state, problem, weather }: Connection) => state === 'ok' && !problem && weather.length === 0;

/** Whether what we are told can be told: each account, its state, and how old that answer is. */
export function ConnectionHealth({ connections }: { connections: NowView['connections'] }) {
  const working = connections.filter(works);
  const folded = working.length > MOST_SHOWN ? working : [];
  const shown = connections.filter((each) => !folded.includes(each));
  return (
    <Panel
      title="Connections"
      actions={
        <Link href="/connections" className="text-xs text-accent underline underline-offset-3">
          All credentials and quotas
        </Link>
      }
      body="flush"
    >
      {connections.length === 0 ? (
        <EmptyState title="No connection yet" className="py-7">
          <Link href="/connections/new" className="text-accent underline underline-offset-3">
            Add the account
          </Link>{' '}
          that runs your deployments.
        </EmptyState>
      ) : null}
      {shown.length > 0 ? <Rows connections={shown} /> : null}
      {folded.length > 0 ? (
        <details className={cn(shown.length > 0 && 'border-t border-line')}>
          <summary className="flex cursor-pointer items-center justify-between gap-2 px-4 py-2.5 text-sm">
            <span>
              {folded.length} {shown.length > 0 ? 'others' : 'connections'}
            </span>
            <ConnectionState state="ok" plain />
          </summary>
          <div className="border-t border-line">
            <Rows connections={folded} />
          </div>
        </details>
      ) : null}
    </Panel>
  );
}

function Rows({ connections }: { connections: readonly Connection[] }) {
  return (
    <ul className="divide-y divide-line">
      {connections.map((connection) => (
        <li key={connection.id} className="grid gap-0.5 px-4 py-2.5 text-sm">
          <span className="flex items-center justify-between gap-2">
            <Link
              href={`/connections/${connection.id}`}
              className="min-w-0 truncate rounded-sm font-medium hover:underline"
            >
              {connection.name}
            </Link>
            <ConnectionState state={connection.state} plain />
          </span>
          {connection.problem ? <span className="text-pretty text-ink-soft">{connection.problem}</span> : null}
          {connection.weather.map(({ tone, sentence }) => (
            <span key={sentence} className={cn('text-pretty text-xs', tone === 'bad' ? 'text-bad' : 'text-warn')}>
              {sentence}
            </span>
          ))}
          <span className="text-xs text-ink-faint">
            {connection.checkedAt ? (
              <>
                checked <RelativeTime at={connection.checkedAt} />
              </>
            ) : (
              'never checked'
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
