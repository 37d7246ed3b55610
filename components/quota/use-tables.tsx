import { Badge } from '@/components/ui/badge';
import { EmptyState } from '@/components/ui/empty-state';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import type { ConsumerUse, QuotaDetail, UseCounts } from '@/lib/connections/model/view';

const figures = new Intl.NumberFormat('en');
const WORDS: Record<string, string> = {
  engine: 'Sending and settling deployments',
  watch: 'Looking at running deployments',
  reconcile: 'Looking at what is live',
  survey: 'Counting commits that are not live',
  announce: 'Telling what became of deployments',
};

function nameOf({ consumer, name }: ConsumerUse): string {
  if (WORDS[consumer]) return WORDS[consumer];
  // What other people call their tokens is theirs.
  if (consumer.startsWith('token:')) return name ? `Your token “${name}”` : 'A token';
  return name ?? 'Person who is gone';
}

/** Most expensive first. */
export function ConsumerTable({ consumers }: Pick<QuotaDetail, 'consumers'>) {
  if (consumers.length === 0) {
    return (
      <EmptyState title="Nothing was asked in 24 hours" className="py-6">
        As soon as something is deployed or looked at, it is listed here.
      </EmptyState>
    );
  }
  return (
    <Table caption="Requests by consumer" stack>
      <TableHead>
        <Th>Consumer</Th>
        <Th align="end">This hour</Th>
        <Th align="end">24 hours</Th>
        <Th align="end">Free</Th>
        <Th align="end">Held</Th>
      </TableHead>
      <TableBody>
        {consumers.map((each) => (
          <Row key={each.consumer}>
            <Td label="Consumer" className="w-full whitespace-normal">
              <span className="flex flex-wrap items-center gap-2">
                <bdi>{nameOf(each)}</bdi>
                {each.waits ? <Badge>gives way</Badge> : null}
              </span>
            </Td>
            <Figure label="This hour" value={each.thisHour.charged} />
            <Figure label="24 hours" value={each.day.charged} />
            <Figure label="Free" value={each.day.free} />
            <Figure label="Held" value={each.day.held} />
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

/** Newest first; hours in which nothing was asked stand there, too. */
export function HourTable({ hours }: Pick<QuotaDetail, 'hours'>) {
  const most = Math.max(1, ...hours.map((each) => each.charged));
  return (
    <Table caption="Requests by hour, newest first" heightClass="max-h-96">
      <TableHead>
        <Th>Hour (UTC)</Th>
        <Th align="end">Charged</Th>
        <Th className="w-full max-sm:hidden">
          <span className="sr-only">Share of the busiest hour</span>
        </Th>
        <Th align="end">Free</Th>
        <Th align="end">Held</Th>
      </TableHead>
      <TableBody>
        {hours.toReversed().map((each) => (
          <Row key={each.hour}>
            <Td className="tabular-nums">
              {each.hour.slice(5, 10)} {each.hour.slice(11, 16)}
            </Td>
            <Figure value={each.charged} />
            <Td className="max-sm:hidden">
              <Bar fraction={each.charged / most} />
            </Td>
            <Figure value={each.free} />
            <Figure value={each.held} />
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function Figure({ label, value }: { label?: string; value: UseCounts['charged'] }) {
  return (
    <Td label={label} align="end" className={value === 0 ? 'text-ink-faint tabular-nums' : 'tabular-nums'}>
      {figures.format(value)}
    </Td>
  );
}

/** Only repeats the figure beside it. */
function Bar({ fraction }: { fraction: number }) {
  return (
    <svg aria-hidden="true" className="block h-1.5 w-full" preserveAspectRatio="none" viewBox="0 0 100 1">
      <rect width={Math.round(fraction * 100)} height="1" className="fill-busy" />
    </svg>
  );
}
