import type { Metadata } from 'next';
import { IgnoredNotice } from '@/components/console/ignored-notice';
import { Refused } from '@/components/console/refused';
import { DeploymentFilters } from '@/components/deployments/deployment-filters';
import { LiveDeploymentTable } from '@/components/deployments/deployment-table-live';
import { ButtonLink } from '@/components/ui/button-link';
import { PageHeader } from '@/components/ui/page-header';
import { Pagination } from '@/components/ui/pagination';
import { deploymentListQuery, matrixQuery } from '@/lib/deployments/queries';
import { readOrRefuse } from '../../read-or-refuse';
import { apiPath, pageHrefs, parseListAddress, type SearchParams } from '../search-params';

export const metadata: Metadata = { title: 'Deployments' };

export default async function DeploymentsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const address = parseListAddress(await searchParams);
  const path = apiPath(address.filter);
  const here = path.replace('/api/v1', '');
  const [page, estate] = await Promise.all([
    readOrRefuse(deploymentListQuery, address.filter, here),
    readOrRefuse(matrixQuery, {}, here),
  ]);
  const { cursor: _cursor, ...values } = address.filter;
  const hrefs = pageHrefs(address, page.ok ? page.value.nextCursor : null);
  return (
    <>
      <PageHeader
        title="Deployments"
        description="Every attempt to put a release somewhere, newest first."
        actions={<ButtonLink href="/releases">Releases</ButtonLink>}
      />
      <div className="grid gap-3 *:min-w-0">
        <DeploymentFilters
          values={values}
          components={estate.ok ? estate.value.rows.map((row) => row.component) : []}
          environments={estate.ok ? estate.value.environments : []}
        />
        <IgnoredNotice names={address.ignored} />
        {page.ok ? (
          <>
            <LiveDeploymentTable
              key={path}
              path={path}
              initial={page.value}
              filtered={Object.values(address.filter).some(Boolean)}
            />
            {hrefs.newer || hrefs.older ? (
              <Pagination label="Deployments" previousHref={hrefs.newer} nextHref={hrefs.older} />
            ) : null}
          </>
        ) : (
          <Refused refusal={page.refusal} />
        )}
      </div>
    </>
  );
}
