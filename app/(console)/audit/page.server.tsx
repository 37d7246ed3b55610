import { ScrollText } from 'lucide-react';
import type { Metadata } from 'next';
import { AuditFilterForm } from '@/components/audit/audit-filters';
import { AuditList } from '@/components/audit/audit-list';
import { ChainStatus } from '@/components/audit/chain-status';
import { Refused } from '@/components/console/refused';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Pagination } from '@/components/ui/pagination';
import { auditListQuery, auditStatusQuery } from '@/lib/audit/queries';
import { whyNot } from '../may';
import { readOrRefuse } from '../read-or-refuse';
import { verifyAuditAction } from './actions';
import { auditHref, exportHref, parseAuditAddress, type SearchParams } from './search-params';

export const metadata: Metadata = { title: 'Audit' };

export default async function AuditPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { filters, ignored } = parseAuditAddress(await searchParams);
  const [page, status, whyNoExport] = await Promise.all([
    readOrRefuse(auditListQuery, filters, auditHref(filters)),
    readOrRefuse(auditStatusQuery, {}, auditHref(filters)),
    whyNot('audit.export'),
  ]);
  const { cursor, ...values } = filters;
  return (
    <>
      <PageHeader
        title="Audit"
        description="Who did what to which thing, what was refused and why. Nothing in it can be changed."
      />
      {page.ok ? (
        <div className="grid gap-3 *:min-w-0">
          {status.ok ? (
            <ChainStatus
              status={status.value}
              verify={verifyAuditAction}
              whyNoExport={whyNoExport}
              files={{ csv: exportHref(values, 'csv'), json: exportHref(values, 'json') }}
            />
          ) : null}
          <AuditFilterForm
            values={values}
            day={{ from: values.from?.slice(0, 10) ?? '', to: values.to?.slice(0, 10) ?? '' }}
          />
          {ignored.length > 0 ? (
            <Notice
              tone="warn"
              title={`The address has a value for ${ignored.join(' and ')} that the log does not know; it is left out.`}
            />
          ) : null}
          <div className="overflow-clip rounded-lg border border-line bg-surface">
            {page.value.rows.length > 0 ? (
              <AuditList rows={page.value.rows} />
            ) : (
              <NoEntry filtered={Object.keys(filters).length > 0} />
            )}
          </div>
          {cursor || page.value.nextCursor ? (
            <Pagination
              label="Audit log"
              previousHref={cursor ? auditHref(values) : null}
              nextHref={page.value.nextCursor ? auditHref({ ...values, cursor: page.value.nextCursor }) : null}
            />
          ) : null}
        </div>
      ) : (
        <Refused refusal={page.refusal} />
      )}
    </>
  );
}

function NoEntry({ filtered }: { filtered: boolean }) {
  if (!filtered)
    return (
      <EmptyState icon={<ScrollText aria-hidden />} title="Nothing was recorded yet">
        The first thing that anybody does here appears in this log.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={<ScrollText aria-hidden />}
      title="No entry matches"
      action={<ButtonLink href="/audit">Show the whole log</ButtonLink>}
    >
      Try fewer words, or a longer span of days.
    </EmptyState>
  );
}
