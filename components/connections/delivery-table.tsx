import { Webhook } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { RelativeTime } from '@/components/ui/relative-time';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import { type Tone, ToneBadge } from '@/components/ui/tone';
import type { DeliveryView } from '@/lib/connections/model/view';

type State = DeliveryView['state'];

const VIEW = {
  received: { label: 'Received', tone: 'busy' },
  processed: { label: 'Processed', tone: 'good' },
  ignored: { label: 'Not for us', tone: 'neutral' },
  failed: { label: 'Failed', tone: 'bad' },
} as const satisfies Record<State, { label: string; tone: Tone }>;

interface DeliveryTableProps {
  rows: readonly DeliveryView[];
  /** Address of the unfiltered list. */
  href: string;
  states: readonly State[];
  state: State | undefined;
}

/** The ledger: each delivery once, however often it came. */
export function DeliveryTable({ rows, href, states, state }: DeliveryTableProps) {
  return (
    <>
      <nav aria-label="Filter deliveries" className="flex flex-wrap gap-1">
        <FilterLink href={href} label="All" here={state === undefined} />
        {states.map((each) => (
          <FilterLink key={each} href={`${href}?state=${each}`} label={VIEW[each].label} here={each === state} />
        ))}
      </nav>
      <div className="overflow-clip rounded-lg border border-line bg-surface">
        {rows.length === 0 ? (
          <EmptyState
            icon={<Webhook aria-hidden />}
            title={state ? `No delivery is ${VIEW[state].label.toLowerCase()}` : 'Nothing was delivered yet'}
          >
            {state
              ? 'Choose All to see the others.'
              : 'Deliveries appear as soon as the provider sends one to the webhook address.'}
          </EmptyState>
        ) : (
          <Deliveries rows={rows} />
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

function Deliveries({ rows }: { rows: readonly DeliveryView[] }) {
  return (
    <Table caption="Webhook deliveries, newest first" stack>
      <TableHead>
        <Th>Event</Th>
        <Th>State</Th>
        <Th>Repository</Th>
        <Th>Delivery</Th>
        <Th align="end">Received</Th>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Row key={row.id}>
            <Td label="Event" className="font-mono text-xs">
              {row.event}
              {row.action ? <span className="text-ink-faint">.{row.action}</span> : null}
            </Td>
            <Td label="State" className="w-full whitespace-normal">
              <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <ToneBadge tone={VIEW[row.state].tone} plain>
                  {VIEW[row.state].label}
                </ToneBadge>
                {row.duplicates > 0 ? <Badge>came {row.duplicates + 1} times</Badge> : null}
                {row.note ? <span className="text-xs text-ink-soft">{row.note}</span> : null}
              </span>
            </Td>
            <Td label="Repository" className="text-ink-soft">
              {row.repository ?? '–'}
            </Td>
            <Td label="Delivery" className="font-mono text-xs text-ink-faint">
              {row.deliveryId.slice(0, 13)}
            </Td>
            <Td label="Received" align="end" className="text-ink-soft">
              <RelativeTime at={row.receivedAt} />
            </Td>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
