import { Bell } from 'lucide-react';
import { EmptyState } from '@/components/ui/empty-state';
import { RelativeTime } from '@/components/ui/relative-time';
import { Row, RowLink, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import { ToneBadge } from '@/components/ui/tone';
import type { SubscriptionView } from '@/lib/notifications/model/view';

export const KIND_WORDS = { webhook: 'Signed webhook', slack: 'Slack message' } as const;

/** Receivers, by name. */
export function SubscriptionTable({ rows }: { rows: readonly SubscriptionView[] }) {
  if (rows.length === 0) {
    return (
      <EmptyState icon={<Bell aria-hidden />} title="Nobody is told yet">
        Add a receiver to send what happens to a channel or to a program of yours.
      </EmptyState>
    );
  }
  return (
    <Table caption="Receivers" stack>
      <TableHead>
        <Th>Name</Th>
        <Th>State</Th>
        <Th>Told about</Th>
        <Th>Goes to</Th>
        <Th align="end">Last delivered</Th>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Row key={row.id}>
            <Td label="Name">
              <RowLink href={`/subscriptions/${row.id}`}>
                <bdi>{row.name}</bdi>
              </RowLink>
            </Td>
            <Td label="State">
              <SubscriptionState subscription={row} />
            </Td>
            <Td label="Told about" className="w-full whitespace-normal text-ink-soft">
              {row.events.includes('*') ? 'everything' : `${row.events.length} kinds of events`}
              {row.environmentPattern === '*' ? '' : ` on ${row.environmentPattern}`}
            </Td>
            <Td label="Goes to" className="font-mono text-xs text-ink-soft">
              {row.origin}
            </Td>
            <Td label="Last delivered" align="end" className="text-ink-soft">
              {row.lastDeliveredAt ? <RelativeTime at={row.lastDeliveredAt} /> : 'never'}
            </Td>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

/** One word: off, given up, trying again, or fine. */
export function SubscriptionState({ subscription }: { subscription: SubscriptionView }) {
  const { disabledAt, dead, pending, trouble } = subscription;
  if (disabledAt) return <ToneBadge tone="neutral">Off</ToneBadge>;
  if (dead > 0) return <ToneBadge tone="bad">{`${dead} given up`}</ToneBadge>;
  if (pending > 0 && trouble) return <ToneBadge tone="warn">{`${pending} waiting`}</ToneBadge>;
  return <ToneBadge tone="good">Fine</ToneBadge>;
}
