import { Plus, Stethoscope } from 'lucide-react';
import type { Metadata } from 'next';
import { ConnectionTable } from '@/components/connections/connection-table';
import { Refused } from '@/components/console/refused';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { PageHeader } from '@/components/ui/page-header';
import { connectionListQuery } from '@/lib/connections/queries';
import { whyNot } from '../../may';
import { readOrRefuse } from '../../read-or-refuse';

export const metadata: Metadata = { title: 'Connections' };

export default async function ConnectionsPage() {
  const [list, disabledReason] = await Promise.all([
    readOrRefuse(connectionListQuery, {}, '/connections'),
    whyNot('connection.manage'),
  ]);
  return (
    <>
      <PageHeader
        title="Connections"
        description="The provider accounts that deployments run through, and how they stand."
        actions={
          <>
            <ButtonLink href="/connections/doctor" icon={<Stethoscope aria-hidden />}>
              Doctor
            </ButtonLink>
            {disabledReason ? (
              <Button variant="primary" icon={<Plus aria-hidden />} disabledReason={disabledReason}>
                Add a connection
              </Button>
            ) : (
              <ButtonLink href="/connections/new" variant="primary" icon={<Plus aria-hidden />}>
                Add a connection
              </ButtonLink>
            )}
          </>
        }
      />
      {list.ok ? <ConnectionTable initial={list.value} /> : <Refused refusal={list.refusal} />}
    </>
  );
}
