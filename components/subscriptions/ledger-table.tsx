import { Inbox } from 'lucide-react';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import { type Tone, ToneBadge } from '@/components/ui/tone';
import type { NotificationState, NotificationView } from '@/lib/notifications/model/view';
import { RedeliverButton } from './redeliver-button';
import type { SubscriptionActions } from './subscription-actions';

const VIEW = {
  pending: { label: 'Waiting', tone: 'busy' },
  delivered: { label: 'Delivered', tone: 'good' },
  dead: { label: 'Given up', tone: 'bad' },
} as const satisfies Record<NotificationState, { label: string; tone: Tone }>;

interface LedgerTableProps extends Pick<SubscriptionActions, 'redeliver'> {
  rows: readonly NotificationView[];
  /** Address of the unfiltered list. */
  href: string;
  state: NotificationState | undefined;
}

/** Every message that was to be sent, with what the receiver answered last. */
export function LedgerTable({ rows, href, state, redeliver }: LedgerTableProps) {
  return (
    <>
      <nav aria-label="Filter messages" className="flex flex-wrap gap-1">
        <FilterLink href={href} label="All" here={state === undefined} />
        {(Object.keys(VIEW) as NotificationState[]).map((each) => (
          <FilterLink key={each} href={`${href}?state=${each}`} label={VIEW[each].label} here={each === state} />
        ))}
      </nav>
      <div className="overflow-clip rounded-lg border border-line bg-surface">
        {rows.length === 0 ? (
          <EmptyState icon={<Inbox aria-hidden />} title={state ? 'None of these' : 'Nothing was sent yet'}>
            {state ? 'Choose All to see the others.' : 'Send a test, or wait until something happens.'}
          </EmptyState>
        ) : (
          <Messages rows={rows} redeliver={redeliver} />
        )}
      </div>
    </>
  );
}

function FilterLink({ href, label, here }: { href: string; label: string; here: boolean }) {
  return (
    <Link
      href={href}
      aria-current={here ? 'page' : undefined}
      className="rounded-md px-2.5 py-1 text-xs font-medium text-ink-soft hover:bg-raised aria-[current=page]:bg-raised aria-[current=page]:text-ink pointer-coarse:py-2"
    >
      {label}
    </Link>
  );
}

function Messages({ rows, redeliver }: Pick<LedgerTableProps, 'rows' | 'redeliver'>) {
  return (
    <Table caption="Messages, newest first" stack>
      <TableHead>
        <Th>Event</Th>
        <Th>State</Th>
        <Th>Last answer</Th>
        <Th align="end">Happened</Th>
        <Th>
          <span className="sr-only">Actions</span>
        </Th>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Row key={row.id}>
            <Td label="Event" className="w-full whitespace-normal">
              <span className="grid gap-0.5">
                <span className="font-mono text-xs">{row.event}</span>
                <bdi className="text-xs text-ink-soft">{row.sentence}</bdi>
              </span>
            </Td>
            <Td label="State">
              <ToneBadge tone={VIEW[row.state].tone} plain>
                {VIEW[row.state].label}
              </ToneBadge>
            </Td>
            <Td label="Last answer" className="whitespace-normal text-xs text-ink-soft">
              <LastAnswer row={row} />
            </Td>
            <Td label="Happened" align="end" className="text-ink-soft">
              <RelativeTime at={row.createdAt} />
            </Td>
            <Td align="end">
              {row.state === 'pending' ? null : <RedeliverButton notification={row} redeliver={redeliver} />}
            </Td>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function LastAnswer({ row }: { row: NotificationView }) {
  if (row.tries === 0) return 'not tried yet';
  const tries = row.tries === 1 ? '1 try' : `${row.tries} tries`;
  return (
    <>
      {row.lastError ?? row.lastStatus ?? 'on its way'} ({tries})
      {row.state === 'pending' && row.nextTryAt ? (
        <>
          , next <RelativeTime at={row.nextTryAt} />
        </>
      ) : null}
    </>
  );
}
