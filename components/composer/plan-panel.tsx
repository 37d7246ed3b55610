'use client';

import { ExternalLink } from 'lucide-react';
import { sentenceOf } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import { later } from '@/components/ui/later';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { Loading, SkeletonText } from '@/components/ui/skeleton';
import type { ComposerPlan, ComposerStart } from '@/lib/deployments/model/view';

function Reading() {
  return (
    <Loading label="Reading what would change">
      <SkeletonText lines={5} />
    </Loading>
  );
}

const PlanCommits = later(() => import('./plan-commits').then((file) => file.PlanCommits), <Reading />);

interface PlanPanelProps {
  start: ComposerStart;
  plan: ComposerPlan | null;
  error: unknown;
  onRetry: () => void;
  /** Chooses the newest commit of the ref. */
  onNewest: () => void;
}

function PlanBody({ start, plan, error, onRetry, onNewest }: PlanPanelProps) {
  if (!plan && error) {
    return (
      <Notice
        tone="bad"
        live
        title={sentenceOf(error)}
        action={
          <Button size="sm" onClick={onRetry}>
            Ask again
          </Button>
        }
      />
    );
  }
  if (!plan) {
    return <Reading />;
  }
  if (!plan.head && !plan.comparison) {
    return (
      <Notice
        tone="warn"
        live
        title={plan.gate.refusal?.sentence ?? 'What would change cannot be read now.'}
        action={
          <Button size="sm" onClick={onRetry}>
            Ask again
          </Button>
        }
      >
        Nothing that you typed is lost.
      </Notice>
    );
  }
  return <PlanCommits start={start} plan={plan} onNewest={onNewest} />;
}

/** What goes live, what goes away, and what stays behind. */
export function PlanPanel(props: PlanPanelProps) {
  const url = props.plan?.comparison?.url;
  return (
    <Panel
      title="What changes"
      actions={
        url ? (
          <a
            href={url}
            target="_blank"
            rel="noreferrer"
            className="inline-flex items-center gap-1 text-xs text-ink-soft underline-offset-3 hover:underline"
          >
            Compare at {props.start.provider.label}
            <ExternalLink aria-hidden className="size-3" />
          </a>
        ) : null
      }
    >
      <PlanBody {...props} />
    </Panel>
  );
}
