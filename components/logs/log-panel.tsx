'use client';

import { ScrollText } from 'lucide-react';
import { sentenceOf } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { NativeSelect } from '@/components/ui/input';
import { later } from '@/components/ui/later';
import { Notice } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { Loading, SkeletonText } from '@/components/ui/skeleton';
import type { JobView } from '@/lib/deployments/model/view';
import { NoLogs } from './no-logs';
import { useLog } from './use-log';

function Reading({ label }: { label: string }) {
  return (
    <div className="h-[58dvh] min-h-72 p-4">
      <Loading label={label}>
        <SkeletonText lines={12} />
      </Loading>
    </div>
  );
}

const LogViewer = later(
  () => import('./log-viewer').then((file) => file.LogViewer),
  <Reading label="Opening the log" />,
);

interface LogPanelProps {
  deploymentId: string;
  number: number;
  jobs: readonly JobView[];
  /** Which job's log; null before there is one. */
  job: JobView | null;
  onPick: (jobId: string) => void;
  mode: 'stream' | 'poll' | 'archive' | null;
  providerLabel: string;
  /** A package was handed to a gallery, without a run. */
  isPublished: boolean;
  /** The run's page at the provider; null when there is none. */
  runUrl: string | null;
}

const WORDS = {
  queued: 'waiting',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
  unrecognised: 'state unknown',
} as const;

function LogBody({ deploymentId, number, jobs, job, onPick, mode, isPublished, ...at }: LogPanelProps) {
  const { providerLabel } = at;
  const log = useLog({ deploymentId, job, mode });
  const running = job !== null && (job.status === 'queued' || job.status === 'running');
  if (mode === null) return <NoLogs providerLabel={providerLabel} runUrl={at.runUrl} isPublished={isPublished} />;
  if (!job) return null;
  if (log.error && !log.data?.lines.length) {
    return (
      <div className="p-4">
        <Notice
          tone="bad"
          live
          title={sentenceOf(log.error)}
          action={<Button onClick={() => void log.refetch()}>Ask again</Button>}
        />
      </div>
    );
  }
  if (!log.data) {
    return <Reading label={`Reading the log of ${job.name}`} />;
  }
  if (log.data.lines.length === 0) {
    const readable = jobs.findLast(
      (each) => each.jobId !== job.jobId && each.endedAt !== null && each.status !== 'skipped',
    );
    const later =
      mode === 'archive' && running
        ? `${providerLabel} hands out the log of a job when the job has ended.`
        : 'This job has written nothing yet.';
    return (
      <EmptyState
        icon={<ScrollText aria-hidden />}
        title={running ? 'No log yet' : 'No log'}
        action={
          readable ? (
            <Button size="sm" onClick={() => onPick(readable.jobId)}>
              Read the log of {readable.name}
            </Button>
          ) : null
        }
      >
        {log.data.notice ?? later}
      </EmptyState>
    );
  }
  return (
    <LogViewer
      key={job.jobId}
      name={`deployment-${number}-${job.name}`}
      lines={log.data.lines}
      raw={log.data.raw}
      growing={running}
      failed={job.status === 'failed'}
    />
  );
}

/** Pick a job, read its log. */
export function LogPanel(props: LogPanelProps) {
  const { jobs, job, onPick } = props;
  return (
    <Panel
      id="log"
      title="Log"
      body="flush"
      actions={
        jobs.length > 1 && job ? (
          <NativeSelect
            aria-label="Job whose log to read"
            value={job.jobId}
            onChange={(event) => onPick(event.target.value)}
            className="w-64 max-w-full"
          >
            {jobs.map((each) => (
              <option key={each.jobId} value={each.jobId}>
                {each.name} — {WORDS[each.status]}
              </option>
            ))}
          </NativeSelect>
        ) : null
      }
    >
      <LogBody {...props} />
    </Panel>
  );
}
