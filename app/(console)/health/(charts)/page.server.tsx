import type { Metadata } from 'next';
import { IgnoredNotice } from '@/components/console/ignored-notice';
import { Refused } from '@/components/console/refused';
import { addressOf } from '@/components/observability/address';
import { HealthScreen } from '@/components/observability/health-screen';
import { ButtonLink } from '@/components/ui/button-link';
import { PageHeader } from '@/components/ui/page-header';
import { HealthQuery } from '@/lib/observability/model/schemas';
import { healthQuery } from '@/lib/observability/queries';
import { readOrRefuse } from '../../read-or-refuse';
import { parseAddress, type SearchParams } from '../search-params';

export const metadata: Metadata = { title: 'Health' };

export default async function HealthPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  // The browser reads what is looked at closer, and keeps the whole beside it.
  const { from: _from, to: _to, ...shape } = HealthQuery.shape;
  const { values, ignored } = parseAddress(await searchParams, shape);
  const read = await readOrRefuse(healthQuery, values, addressOf('/health', values));
  const path = addressOf('/api/v1/health', values);
  return (
    <>
      <PageHeader
        title="Health"
        description="How deployments do: how long they take, wait and succeed, as their providers told it."
        actions={<ButtonLink href={addressOf('/health/dora', values)}>DORA</ButtonLink>}
      />
      <IgnoredNotice className="mb-3" names={ignored} />
      {read.ok ? <HealthScreen key={path} initial={read.value} path={path} /> : <Refused refusal={read.refusal} />}
    </>
  );
}
