import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import type { Observation } from '@/lib/providers/port';
import { mayHavePublished, RUN_ENDED } from '../model/ended-run';
import type { DeploymentRow } from './rows';

type Row = Pick<DeploymentRow, 'status' | 'statusSince'>;

/** `minutes`: how long the gallery may hide what it validates. */
interface Gallery {
  label: string;
  minutes: number;
}

/**
 * What a run counts for that ended badly while the gallery shows nothing. One that may have published is waited for as long
 * as the gallery may hide it, then it ends as the run did; once a person called it off, at once.
 */
export async function endedBadly(
  ctx: Pick<ServiceContext, 'db'>,
  row: Row,
  run: Observation,
  gallery: Gallery,
): Promise<Observation> {
  if (!mayHavePublished(run)) return run;
  if (row.status === 'cancelling') return { ...run, phase: 'cancelled', failure: said(stopped(gallery)) };
  if (!(await mayStillHide(ctx, row, run, gallery))) return { ...run, failure: notShown(run, gallery) };
  const sentence = waiting(run, gallery);
  const waits = { ...run, waitingFor: sentence, finishedAt: null };
  // A move is told in the timeline by the sentence that comes with it.
  if (row.status !== 'deploying') return { ...waits, phase: 'deploying', failure: said(sentence) };
  return { ...waits, phase: 'waiting', failure: null };
}

/** Since the end of the run by its provider; untold, since it was first waited for. By the database's clock. */
async function mayStillHide({ db }: Pick<ServiceContext, 'db'>, row: Row, run: Observation, { minutes }: Gallery) {
  const end = run.finishedAt ?? (row.status === 'deploying' ? row.statusSince.toISOString() : null);
  const { rows } = await db.execute<{ may: boolean }>(
    sql`select coalesce(${end}::timestamptz, now()) + make_interval(mins => ${minutes}::int) > now() as may`,
  );
  return rows[0]?.may === true;
}

const said = (sentence: string, step: string | null = null) => ({ step, sentence });
const howItEnded = ({ phase }: Observation) => phase.replace('_', ' ');

function waiting(run: Observation, { label, minutes }: Gallery): string {
  return `${RUN_ENDED}${howItEnded(run)}), and may have published before. ${label} does not show the version yet, and is asked until ${minutes} minutes after that end. Cancel stops looking.`;
}

function stopped({ label }: Gallery): string {
  return `The run is over and ${label} is not waited for. It may have published before: ${label} is asked now and then for a day, and where it shows the version, the timeline and the versions by gallery say so.`;
}

function notShown(run: Observation, { label, minutes }: Gallery) {
  const why = run.failure?.sentence ?? `The run ended (${howItEnded(run)}).`;
  const sentence = `${why} ${label} did not show the version in the ${minutes} minutes after it.`;
  return said(sentence, run.failure?.step);
}
