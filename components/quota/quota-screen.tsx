import { QuotaLine } from '@/components/connections/quota-line';
import { Breadcrumbs } from '@/components/ui/breadcrumbs';
import { EmptyState } from '@/components/ui/empty-state';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import type { QuotaDetail } from '@/lib/connections/model/view';
import { BudgetPanel, type BudgetPanelProps, MeasuringPanel } from './budget-panel';
import { ConsumerTable, HourTable } from './use-tables';

interface QuotaScreenProps extends Pick<BudgetPanelProps, 'setBudget' | 'disabledReason'> {
  quota: QuotaDetail;
}

/** What is left at the provider, who used it, and how much the console may take by itself. */
export function QuotaScreen({ quota, setBudget, disabledReason }: QuotaScreenProps) {
  const { connection } = quota;
  return (
    <>
      <PageHeader
        above={
          <Breadcrumbs
            items={[
              { label: 'Connections', href: '/connections' },
              { label: connection.name, href: `/connections/${connection.id}` },
              { label: 'Quota' },
            ]}
          />
        }
        title="Quota"
        description={`What the provider lets “${connection.name}” ask, and who asked. Counted in batches, so the last seconds may be missing.`}
      />
      <div className="grid gap-5 *:min-w-0">
        {quota.blockedUntil ? (
          <Notice tone="warn" title="The provider asked for a pause">
            Nothing is sent before it ends, by any process. It goes on <RelativeTime at={quota.blockedUntil} />.
          </Notice>
        ) : null}
        <div className="grid items-start gap-5 *:min-w-0 lg:grid-cols-2">
          <Limits quotas={quota.quotas} />
          {quota.budget.measures ? (
            <MeasuringPanel />
          ) : (
            <BudgetPanel
              connectionId={connection.id}
              budget={quota.budget}
              setBudget={setBudget}
              disabledReason={disabledReason}
            />
          )}
        </div>
        <Panel
          title="Who asked"
          description="Free: nothing new, so the provider does not count it. Held: not sent, because of a pause or the budget."
          body="flush"
        >
          <ConsumerTable consumers={quota.consumers} />
        </Panel>
        <Panel title="Hour by hour" description="The last 24 hours, newest first." body="flush">
          <HourTable hours={quota.hours} />
        </Panel>
      </div>
    </>
  );
}

function Limits({ quotas }: Pick<QuotaDetail, 'quotas'>) {
  return (
    <Panel title="Limits of the provider" body="flush">
      {quotas.length === 0 ? (
        <EmptyState title="No figures yet" className="py-6">
          The provider tells them with its answers; check the connection to see them.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {quotas.map((each) => (
            <QuotaLine key={each.resource} quota={each} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
