'use client';

import { useLiveQuery } from '@/components/live/use-live-query';
import { Panel } from '@/components/ui/panel';
import type { PreviewView } from '@/lib/deployments/model/hosting';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { PreviewParts } from './preview-parts';

/** The build of one deployment, to be looked at before anybody promotes it. Nothing where its provider is no host. */
export function PreviewPanel({ deployment }: { deployment: Pick<DeploymentDetail, 'id' | 'number' | 'status'> }) {
  const { data } = useLiveQuery<PreviewView | null>({
    // The host knows more when it has gone on.
    queryKey: ['preview', deployment.id, deployment.status],
    path: `/api/v1/deployments/${encodeURIComponent(deployment.id)}/preview`,
  });
  return data ? <PreviewShown number={deployment.number} preview={data} /> : null;
}

/** The same for what was read. */
export function PreviewShown({ number, preview }: { number: number; preview: PreviewView }) {
  if (!preview.address && !preview.screenshot && !preview.problem) return null;
  return (
    <Panel title="Preview">
      {preview.problem ? <p className="text-xs text-warn">{preview.problem.sentence}</p> : null}
      <PreviewParts preview={preview} alt={`The build of #${number}, as its host photographed it`} />
    </Panel>
  );
}
