import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import type { AnyProvider, Observation } from '@/lib/providers/port';
import { type Evidence, evidenceOf, type Seen } from '../model/ended-run';
import type { DeploymentRow } from './rows';

type Row = Pick<DeploymentRow, 'status' | 'runEndedAt'>;

/** `minutes`: how long the gallery may hide what it validates. */
interface Gallery {
  manifest: AnyProvider['manifest'];
  minutes: number;
}

/** How long a run that is over is waited for, at which gallery, and why. */
interface Wait {
  label: string;
  minutes: number;
  evidence: Exclude<Evidence, 'none'>;
}

/**
 * What a run counts for that ended badly while the gallery shows nothing. One that began to publish is waited for as long as
 * the gallery may hide it, one that perhaps did as long as it usually does; then it ends as the run did. Once a person called
 * it off, at once.
 */
export async function endedBadly(
  ctx: Pick<ServiceContext, 'db'>,
  row: Row,
  run: Observation,
  gallery: Gallery,
): Promise<Seen> {
  const evidence = evidenceOf(run, gallery.manifest);
  if (evidence === 'none') return run;
  const wait = waitFor(gallery, evidence);
  if (row.status === 'cancelling') return { ...run, phase: 'cancelled', failure: said(stopped(wait)) };
  const { endedAt, mayStillHide } = await endOf(ctx, row, run, wait);
  if (!mayStillHide) return { ...run, failure: notShown(run, wait) };
  const sentence = waiting(run, wait);
  const waits = { ...run, waitingFor: sentence, finishedAt: null, runEndedAt: endedAt };
  // A move is told in the timeline by the sentence that comes with it.
  if (row.status !== 'deploying') return { ...waits, phase: 'deploying', failure: said(sentence) };
  return { ...waits, phase: 'waiting', failure: null };
}

function waitFor({ manifest, minutes }: Gallery, evidence: Wait['evidence']): Wait {
  const usually = manifest.capabilities.publish?.usuallyMinutes?.validating ?? minutes;
  return { label: manifest.label, minutes: evidence === 'begun' ? minutes : Math.min(usually, minutes), evidence };
}

/** The end of the run by its provider; untold, when it was first waited for. By the database's clock. */
async function endOf({ db }: Pick<ServiceContext, 'db'>, row: Row, run: Observation, { minutes }: Wait) {
  const end = run.finishedAt ?? row.runEndedAt?.toISOString() ?? null;
  const { rows } = await db.execute<{ ended: number; may: boolean }>(
    sql`select extract(epoch from at)::float8 as ended, at + make_interval(mins => ${minutes}::int) > now() as may
      from (select coalesce(${end}::timestamptz, now()) as at) run`,
  );
  const [found] = rows;
  return { endedAt: new Date((found?.ended ?? 0) * 1000), mayStillHide: found?.may === true };
}

const said = (sentence: string, step: string | null = null) => ({ step, sentence });
const howItEnded = ({ phase }: Observation) => phase.replace('_', ' ');

function waiting(run: Observation, { label, minutes, evidence }: Wait): string {
  const may = evidence === 'begun' ? ', and may have published before' : ', and does not tell whether it published';
  return `The run ended (${howItEnded(run)})${may}. ${label} does not show the version yet, and is asked until ${minutes} minutes after that end. Cancel stops looking.`;
}

const AFTERWARDS = (label: string) =>
  `${label} is asked now and then for a day, and where it shows the version, the timeline and the versions by gallery say so.`;

function stopped({ label }: Wait): string {
  return `The run is over and ${label} is not waited for. It may have published before: ${AFTERWARDS(label)}`;
}

function notShown(run: Observation, { label, minutes }: Wait) {
  const why = run.failure?.sentence ?? `The run ended (${howItEnded(run)}).`;
  const sentence = `${why} ${label} did not show the version in the ${minutes} minutes after it. ${AFTERWARDS(label)}`;
  return said(sentence, run.failure?.step);
}
