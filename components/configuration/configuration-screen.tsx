'use client';

import { KeyRound, Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Redeploy } from '@/components/redeploy/redeploy-press';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { later } from '@/components/ui/later';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { ToneBadge } from '@/components/ui/tone';
import type { ConfigurationView, SettingRow } from '@/lib/configuration/model/view';
import type { ConfigurationActions } from './configuration-actions';
import { ConfigurationSources } from './configuration-sources';
import { NotLive } from './not-live';
import { SettingTable } from './setting-table';

const SettingDialog = later(() => import('./setting-dialog').then((file) => file.SettingDialog));

export interface Edited {
  action: 'set' | 'remove';
  row: SettingRow | null;
}

interface ConfigurationScreenProps {
  view: ConfigurationView;
  actions: ConfigurationActions;
  redeploy: Redeploy;
}

/** What an environment is configured with, what is wrong with that, and the way to change it. */
export function ConfigurationScreen({ view, actions, redeploy }: ConfigurationScreenProps) {
  const [edited, edit] = useState<Edited | null>(null);
  const refusal = whyNotHere(view);
  const router = useRouter();
  return (
    <div className="grid gap-5 *:min-w-0">
      <Verdict view={view} />
      <NotLive view={view} redeploy={redeploy} onEnded={() => router.refresh()} />
      <Panel
        title="Secrets and variables"
        description={`A secret that nobody wrote anew for ${view.staleDays} days is called stale.`}
        body="flush"
        actions={
          <Button
            size="sm"
            icon={<Plus aria-hidden />}
            disabledReason={refusal}
            onClick={() => edit({ action: 'set', row: null })}
          >
            Add one
          </Button>
        }
      >
        {view.rows.length === 0 ? (
          <EmptyState icon={<KeyRound aria-hidden />} title="There is nothing here yet">
            {view.places.length === 0
              ? 'No target of this environment is at a provider whose secrets and variables the console can read.'
              : 'No place has a secret or a variable, and no workflow asks for one.'}
          </EmptyState>
        ) : (
          <SettingTable view={view} refusal={refusal} onEdit={edit} />
        )}
      </Panel>
      <ConfigurationSources view={view} />
      {edited ? <SettingDialog view={view} edited={edited} actions={actions} onClose={() => edit(null)} /> : null}
    </div>
  );
}

function whyNotHere({ places }: ConfigurationView): string | null {
  if (places.length === 0) return 'There is no place here that a setting could be written to.';
  return places.some(({ refusal }) => refusal === null) ? null : (places[0]?.refusal ?? null);
}

function Verdict({ view: { rows, places, targets, readAt } }: { view: ConfigurationView }) {
  const missing = rows.filter(({ missingFor }) => missingFor.length > 0).length;
  const notLive = rows.filter(({ notLiveFor }) => notLiveFor.length > 0).length;
  const removed = rows.filter(({ removedFor }) => removedFor.length > 0).length;
  const stale = rows.filter(({ at }) => at.some((each) => each.stale)).length;
  const problems = [
    ...places.flatMap(({ label, problem }) => (problem ? [{ name: label, problem }] : [])),
    ...targets.flatMap(({ name, problem }) => (problem ? [{ name, problem }] : [])),
  ];
  return (
    <div className="grid gap-3">
      <p className="flex flex-wrap gap-2" data-read-at={readAt}>
        {missing > 0 ? <ToneBadge tone="bad">{missing} missing</ToneBadge> : null}
        {notLive > 0 ? <ToneBadge tone="warn">{notLive} changed but not live</ToneBadge> : null}
        {removed > 0 ? <ToneBadge tone="warn">{removed} removed but still live</ToneBadge> : null}
        {stale > 0 ? <ToneBadge tone="warn">{stale} stale</ToneBadge> : null}
        {missing + notLive + removed + stale + problems.length === 0 ? (
          <ToneBadge tone="good">Nothing is known to be wrong</ToneBadge>
        ) : null}
      </p>
      {problems.map(({ name, problem }) => (
        <Notice key={`${name} ${problem}`} tone="warn" title={`${name} could not be read`}>
          {problem} What it holds is left out here, and nothing of it is called missing.
        </Notice>
      ))}
    </div>
  );
}
