'use client';

import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { Notice } from '@/components/ui/notice';
import { METRICS } from '@/lib/observability/model/dora';
import type { DoraRows, DoraView } from '@/lib/observability/model/dora-view';
import { addressOf } from './address';
import type { ClassifyActions } from './classify-actions';
import { ComponentFigures } from './component-figures';
import { DoraRowsPanel } from './dora-rows-panel';
import { FigureCard } from './figure-card';
import { ScopeBar } from './scope-bar';

interface DoraScreenProps {
  initial: DoraView;
  rows: DoraRows | null;
  /** Why the rows of the chosen figure may not be read; null when they may, or none is chosen. */
  refusal: string | null;
  /** What the address says, the figure that is open with it. */
  values: Record<string, string>;
  actions: ClassifyActions;
}

const EVERY_MS = 60_000;
const PATH = '/health/dora';

/** The five DORA figures; each opens the rows that it is made of. */
export function DoraScreen({ initial, rows, refusal, values, actions }: DoraScreenProps) {
  const { metric, ...query } = values;
  const path = addressOf('/api/v1/dora', query);
  const live = useLiveQuery({ queryKey: ['dora', path], path, initialData: initial, everyMs: EVERY_MS });
  const view = live.data ?? initial;
  const open = METRICS.find((each) => each === metric) ?? null;
  return (
    <div className="grid gap-4 *:min-w-0">
      <FreshnessNotice error={live.error} updatedAt={live.dataUpdatedAt} />
      <ScopeBar path={PATH} values={{ ...values, days: String(view.days) }} choices={view.choices} />
      <Where view={view} />
      <ul aria-label="The five figures" className="grid gap-3 sm:grid-cols-2 xl:grid-cols-5">
        {METRICS.map((each) => (
          <FigureCard
            key={each}
            metric={each}
            view={view}
            open={each === open}
            href={addressOf(PATH, { ...query, metric: each })}
          />
        ))}
      </ul>
      {rows && open ? (
        <LiveRows initial={rows} path={addressOf('/api/v1/dora/rows', { ...query, metric: open })} actions={actions} />
      ) : refusal !== null ? (
        <Notice tone="warn" title={refusal} />
      ) : (
        <p className="text-sm text-ink-soft">
          Choose a figure to see the deployments that it is made of, and its rule.
        </p>
      )}
      <ComponentFigures
        rows={view.byComponent}
        hrefOf={(component, each) => addressOf(PATH, { ...query, component, metric: each })}
      />
    </div>
  );
}

interface LiveRowsProps {
  initial: DoraRows;
  path: string;
  actions: ClassifyActions;
}

function LiveRows({ initial, path, actions }: LiveRowsProps) {
  const live = useLiveQuery({ queryKey: ['dora', path], path, initialData: initial, everyMs: EVERY_MS });
  return <DoraRowsPanel rows={live.data ?? initial} actions={actions} />;
}

function Where({ view: { environments, cutAt, countedFrom, hours } }: { view: DoraView }) {
  if (environments.length === 0)
    return (
      <EmptyState
        headingLevel={2}
        title="No environment here is production"
        action={<ButtonLink href="/estate">What you deploy</ButtonLink>}
      >
        The figures count what goes to production. Mark an environment as production, choose one above, or ask for a
        role that may see it.
      </EmptyState>
    );
  return (
    <>
      <p className="text-sm text-ink-soft">
        Of {environments.map(({ name }) => name).join(', ')}. A roll-back or hot fix within {hours} h speaks against the
        change before it.
      </p>
      {cutAt === null ? null : (
        <Notice tone="warn" title={`Only the newest ${cutAt.toLocaleString('en')} deployments are counted.`}>
          The figures are those since {countedFrom.slice(0, 10)}, and the time before is not compared. Choose fewer
          days, or one component, to count all of them.
        </Notice>
      )}
    </>
  );
}
