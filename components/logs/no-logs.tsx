import { ExternalLink, ScrollText } from 'lucide-react';
import { EmptyState } from '@/components/ui/empty-state';

interface NoLogsProps {
  providerLabel: string;
  runUrl: string | null;
  /** Nothing ran for it: a gallery took a package that was there. */
  isPublished?: boolean;
}

/** For a provider whose API has no log to read: that this is so, and the way to where a person can read it. */
export function NoLogs({ providerLabel, runUrl, isPublished = false }: NoLogsProps) {
  if (isPublished)
    return (
      <EmptyState icon={<ScrollText aria-hidden />} title="No log">
        {providerLabel} took the package as it was: nothing was built and no workflow ran, so nothing wrote a log.
      </EmptyState>
    );
  return (
    <EmptyState
      icon={<ScrollText aria-hidden />}
      title={`The log is at ${providerLabel}`}
      action={
        runUrl ? (
          <a href={runUrl} target="_blank" rel="noreferrer" className="text-sm text-accent underline">
            Read the log at {providerLabel}
            <ExternalLink aria-hidden className="ml-1 inline size-3 align-baseline" />
          </a>
        ) : null
      }
    >
      The published API of {providerLabel} has no way to read a build’s log, so it cannot be shown here.
    </EmptyState>
  );
}
