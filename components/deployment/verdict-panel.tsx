'use client';

import { sentenceOf } from '@/components/live/problem';
import { useLiveQuery } from '@/components/live/use-live-query';
import { ButtonLink } from '@/components/ui/button-link';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { RelativeTime } from '@/components/ui/relative-time';
import type { Tone } from '@/components/ui/tone';
import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { SIGNAL_WORDS, said, UNIT_WORDS } from '@/lib/observability/model/signal-words';
import type { SignalVerdict, Verdict } from '@/lib/observability/model/verdict';
import type { AutomaticRollBack, Probed, VerdictView } from '@/lib/observability/model/verdict-view';
import { VERDICT_WORDS } from '@/lib/observability/model/verdict-words';
import { BesideList, WrittenList } from './beside-list';

const TONES: Record<Verdict, Tone> = { healthy: 'good', worse: 'bad', inconclusive: 'neutral' };

/** How it did once it was live: each number with its rule and where to look at it; quiet where nobody measures. */
export function VerdictPanel({ deployment }: { deployment: DeploymentDetail }) {
  const { data, error, dataUpdatedAt } = useLiveQuery<VerdictView>({
    queryKey: ['deployment', deployment.id, 'verdict'],
    path: `/api/v1/deployments/${encodeURIComponent(deployment.id)}/verdict`,
    everyMs: 15_000,
  });
  return (
    <>
      {error ? <Unread error={error} of={data ? dataUpdatedAt : null} /> : null}
      {data ? <VerdictNotice view={data} /> : null}
    </>
  );
}

/** Not to know how it did is no silence. `of`: epoch milliseconds of what is shown; null = nothing is. */
export function Unread({ error, of }: { error: unknown; of: number | null }) {
  return (
    <Notice tone="warn" live title="How it did could not be read">
      <p className="wrap-anywhere">
        {sentenceOf(error)} It is asked again by itself.
        {of === null ? null : (
          <>
            {' '}
            What you see is from <RelativeTime at={of} />.
          </>
        )}
      </p>
    </Notice>
  );
}

export function VerdictNotice({ view }: { view: VerdictView }) {
  const { verdict, closed, why, report, rollBack, automatic, written, probes } = view;
  if (verdict === null)
    return written.length > 0 ? (
      <Notice tone="neutral" title="Where it is measured">
        <WrittenList written={written} />
      </Notice>
    ) : null;
  const title = `${VERDICT_WORDS[verdict]}${closed ? '' : ' so far'}`;
  return (
    <Notice
      tone={TONES[verdict]}
      live
      title={title}
      action={
        rollBack ? (
          <ButtonLink href={rollBack} size="sm" className="pointer-coarse:h-11">
            Roll back…
          </ButtonLink>
        ) : null
      }
    >
      <p className="wrap-anywhere">{why}</p>
      {report && report.signals.length > 0 ? (
        <ul className="mt-2 grid gap-1.5">
          {report.signals.map((each) => (
            <SignalLine key={`${each.signal} ${each.source}`} signal={each} />
          ))}
        </ul>
      ) : null}
      {probes ? <Probes {...probes} /> : null}
      {report?.beside ? <BesideList beside={report.beside} /> : null}
      {written.length > 0 ? <WrittenList written={written} /> : null}
      {automatic ? <Automatic automatic={automatic} /> : null}
      {rollBack && !automatic ? (
        <p className="mt-2">Nothing is rolled back by itself: going back is yours to press.</p>
      ) : null}
    </Notice>
  );
}

function Automatic({ automatic: { sentence, deploymentId } }: { automatic: AutomaticRollBack }) {
  return (
    <p className="wrap-anywhere mt-2">
      {sentence}
      {deploymentId ? (
        <>
          {' '}
          <Link href={`/deployments/${deploymentId}`} className="font-medium underline underline-offset-3">
            Open the roll-back
          </Link>
        </>
      ) : null}
    </p>
  );
}

/** What a share of uptime cannot say: what the address answers now, and what it was when it was down. */
function Probes({ last, failed }: NonNullable<VerdictView['probes']>) {
  return (
    <p className="wrap-anywhere mt-2">
      Our newest probe: <Probe {...last} />
      {failed && failed.at !== last.at ? (
        <>
          , the newest that failed: <Probe {...failed} />
        </>
      ) : null}
      .
    </p>
  );
}

function Probe({ at, status, version }: Probed) {
  return (
    <>
      {status ?? 'no answer'}, <RelativeTime at={at} />
      {version === null ? null : (
        <>
          , version <span className="font-mono text-xs">{version}</span>
        </>
      )}
    </>
  );
}

const number = (value: number | null, { signal }: SignalVerdict) =>
  value === null ? '–' : `${said(value)}${UNIT_WORDS[signal]}`;

function SignalLine({ signal }: { signal: SignalVerdict }) {
  return (
    <li className="wrap-anywhere">
      <span className="font-medium text-ink">{SIGNAL_WORDS[signal.signal]}</span>{' '}
      <span className="tabular-nums">
        {number(signal.before, signal)} → {number(signal.after, signal)}
      </span>{' '}
      ({VERDICT_WORDS[signal.verdict].toLowerCase()}). {signal.rule} By {signal.source}
      {signal.url ? (
        <>
          {': '}
          <a href={signal.url} target="_blank" rel="noreferrer" className="underline underline-offset-3">
            look at it there
          </a>
        </>
      ) : null}
      .
    </li>
  );
}
