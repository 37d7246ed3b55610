import type { Metadata } from 'next';
import { IgnoredNotice } from '@/components/console/ignored-notice';
import { Refused } from '@/components/console/refused';
import { addressOf } from '@/components/observability/address';
import { DoraScreen } from '@/components/observability/dora-screen';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { PageHeader } from '@/components/ui/page-header';
import { DoraRowsQuery } from '@/lib/observability/model/schemas';
import { doraQuery, doraRowsQuery } from '@/lib/observability/queries';
import { readOrRefuse } from '../../read-or-refuse';
import { parseAddress, type SearchParams } from '../search-params';
import { classifyAction, undoClassificationAction } from './actions';

export const metadata: Metadata = { title: 'DORA' };

const actions = { classify: classifyAction, undo: undoClassificationAction };

export default async function DoraPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { values, ignored } = parseAddress(await searchParams, DoraRowsQuery.shape);
  const { metric, ...query } = values;
  const here = addressOf('/health/dora', values);
  const [read, rows] = await Promise.all([
    readOrRefuse(doraQuery, query, here),
    metric ? readOrRefuse(doraRowsQuery, { ...query, metric: metric as 'frequency' }, here) : null,
  ]);
  return (
    <>
      <PageHeader
        above={<Breadcrumbs items={[{ label: 'Health', href: '/health' }, { label: 'DORA' }]} />}
        title="DORA"
        description="How often, how fast and how safely changes reach production. Every number opens its rows and its rule."
      />
      <IgnoredNotice className="mb-3" names={ignored} />
      {read.ok ? (
        <DoraScreen
          key={here}
          initial={read.value}
          rows={rows?.ok ? rows.value : null}
          refusal={rows && !rows.ok ? rows.refusal.sentence : null}
          values={values}
          actions={actions}
        />
      ) : (
        <Refused refusal={read.refusal} />
      )}
    </>
  );
}
