'use client';

import { AppWindow } from 'lucide-react';
import { useState } from 'react';
import { FreshnessNotice } from '@/components/live/freshness';
import { useLiveQuery } from '@/components/live/use-live-query';
import type { Redeploy } from '@/components/redeploy/redeploy-press';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { later } from '@/components/ui/later';
import { Panel } from '@/components/ui/panel';
import type { Triggered } from '@/lib/deployments/model/schemas';
import type { Action } from '@/lib/kernel/result';
import { queryKeys } from '@/lib/realtime/protocol';
import type { RenderingMode } from '@/lib/rendering/model/mode';
import type { RenderingRow, RenderingView } from '@/lib/rendering/model/rendering-view';
import type { SwitchInput } from '@/lib/rendering/model/schemas';
import { RenderingTable } from './rendering-table';

const SwitchSheet = later(() => import('./switch-sheet').then((file) => file.SwitchSheet));

export type SwitchMode = Action<SwitchInput, Triggered>;

/** What is about to be moved, and whereto. */
export interface Asked {
  row: RenderingRow;
  mode: RenderingMode;
}

interface RenderingScreenProps {
  initial: RenderingView;
  switchMode: SwitchMode;
  /** Why the person may not let it through a freeze; null when they may. */
  overrideRefusal: string | null;
  redeploy: Redeploy;
}

/** Every web dashboard by environment: how it is built, what proves it, and the way to the other mode. */
export function RenderingScreen({ initial, switchMode, overrideRefusal, redeploy }: RenderingScreenProps) {
  const [asked, ask] = useState<Asked | null>(null);
  const {
    data = initial,
    error,
    dataUpdatedAt,
  } = useLiveQuery({ queryKey: queryKeys.rendering, path: '/api/v1/rendering', initialData: initial });
  return (
    <div className="grid gap-5 *:min-w-0">
      <FreshnessNotice error={error} updatedAt={dataUpdatedAt} />
      {data.rows.length === 0 ? (
        <Panel>
          <EmptyState
            icon={<AppWindow aria-hidden />}
            title="There is no web dashboard that you can see"
            action={<ButtonLink href="/estate">What you deploy</ButtonLink>}
          >
            Add a component of the kind “dashboard” and a target for it. Each of its environments is then listed here.
          </EmptyState>
        </Panel>
      ) : (
        components(data.rows).map(({ slug, name, rows }) => (
          <Panel key={slug} title={name} body="flush" className="overflow-clip">
            <RenderingTable {...{ slug, name, rows, redeploy }} onSwitch={ask} />
          </Panel>
        ))
      )}
      {asked ? (
        <SwitchSheet key={asked.row.targetId} {...{ asked, switchMode, overrideRefusal }} onClose={() => ask(null)} />
      ) : null}
    </div>
  );
}

function components(rows: readonly RenderingRow[]) {
  const groups = new Map<string, { slug: string; name: string; rows: RenderingRow[] }>();
  for (const row of rows) {
    const { slug } = row.component;
    groups.set(slug, { ...row.component, rows: [...(groups.get(slug)?.rows ?? []), row] });
  }
  return [...groups.values()];
}
