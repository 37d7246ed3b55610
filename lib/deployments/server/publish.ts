import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { CARRIED_AT_ONCE } from '@/lib/extensions/model/limits';
import { loadPackage } from '@/lib/extensions/server/load-package';
import { packageBytes } from '@/lib/extensions/server/package-bytes';
import { ServiceError } from '@/lib/kernel/errors';
import {
  type AnyProvider,
  capability,
  type Placed,
  type ProviderContext,
  ProviderError,
  type RemoteRef,
} from '@/lib/providers/port';
import { lookThere } from '@/lib/publications/server/look-there';
import {
  type About,
  isFollowed,
  movePublication,
  stoodSince,
  wasHandedOver,
} from '@/lib/publications/server/move-publication';
import { otherContent, standingThere } from '@/lib/publications/server/standing-there';
import { isBeingTakenAway } from '@/lib/publications/server/unpublish-asks';
import { withdrawnSince } from '@/lib/publications/server/withdrawn';
import { takeSeat } from '@/lib/realtime/seats';
import { type PublicationState, stateOf } from '../../publications/model/publication';
import { isRun } from '../model/dispatch';
import type { Seen } from '../model/ended-run';
import { type Publish, publishObservation, refOfPublish } from '../model/publish';
import type { Leased } from './claim';
import { countSent } from './count-sent';
import { endedBadly } from './ended-run';
import { isOver, observeRun, startRun } from './publish-run';
import type { AttemptRow, DeploymentRow } from './rows';

type Open = Pick<OpenConnection, 'provider' | 'context'>;

export function aboutPublication(row: DeploymentRow, publish: Publish, label: string): About {
  const what = `${publish.publisher}.${publish.name} ${publish.version}`;
  return { packageId: publish.packageId, targetId: row.targetId, deploymentId: row.id, what, label };
}

/**
 * The one request, and none at all where the place has the same package already; null as of a workflow that says no run
 * yet. Throws `ProviderError` `other_content` where it has another one under this version, `already_there` where nobody can
 * see which, and `withdrawn_meanwhile` where people took it away after this was asked for.
 */
export async function sendPublish(
  ctx: ServiceContext,
  open: Open,
  { row, attempt, leased }: { row: DeploymentRow; attempt: Pick<AttemptRow, 'number' | 'marker'>; leased: Leased },
  publish: Publish,
): Promise<RemoteRef | null> {
  const { provider } = open;
  await requireNotTakenAway(ctx, row, publish);
  const there = await standingThere(open, row.config, publish);
  const ours =
    (await countSent(ctx.db, row.id, attempt)) > 0 ||
    (await wasHandedOver(ctx, { packageId: publish.packageId, targetId: row.targetId }));
  if (there.is === 'other')
    throw new ProviderError('rejected', 'other_content', otherContent(provider.manifest.label, publish));
  if (there.is === 'same' || there.is === 'unseen') return refOfPublish(publish, there.placed.url);
  await requireNotWithdrawn(ctx, row, publish);
  if (publish.by) return startRun(ctx, row, attempt.marker, { by: publish.by, leased });
  const ref = await send(ctx, open, row, publish, ours);
  await tellAccepted(ctx, row, publish, provider, ref.url);
  return ref;
}

/** Which of two requests that are out together the gallery heeds last, nobody can tell: this one waits. */
async function requireNotTakenAway({ db }: ServiceContext, { targetId }: DeploymentRow, publish: Publish) {
  const extension = `${publish.publisher}.${publish.name}`;
  if (!(await isBeingTakenAway(db, { targetId, extension }))) return;
  const sentence = `${extension} is being taken away there just now, so nothing was sent. It goes on when that is over, two minutes later at most.`;
  throw new ProviderError('unavailable', 'being_taken_away', sentence, { retryAfterMs: 10_000 });
}

/** What people took away after this was asked for comes back only when somebody asks anew. */
async function requireNotWithdrawn({ db }: ServiceContext, { id, targetId }: DeploymentRow, publish: Publish) {
  const extension = `${publish.publisher}.${publish.name}`;
  const { packageId, version } = publish;
  const gone = await withdrawnSince(db, { deploymentId: id, packageId, targetId, extension });
  if (gone === null) return;
  const what = gone === 'version' ? `${extension} ${version}` : `${extension}, with all its versions,`;
  const sentence = `${what} was taken away there after this was asked for, so nothing was sent. Publish it again if it is still wanted.`;
  throw new ProviderError('rejected', 'withdrawn_meanwhile', sentence);
}

async function send(
  ctx: ServiceContext,
  { provider, context }: Open,
  row: DeploymentRow,
  publish: Publish,
  ours: boolean,
): Promise<RemoteRef> {
  // It is held whole until it is sent, which may take minutes.
  const leave = takeSeat('packages:carried', CARRIED_AT_ONCE);
  if (!leave) throw new ProviderError('unavailable', 'packages_crowded', CROWDED, { retryAfterMs: 5_000 });
  try {
    const bytes = await passedBytes(ctx, publish);
    const wanted = { ...publish, sha256: publish.packageId, requestedBy: row.requestedById, bytes };
    return await capability(provider, 'publish').send(context, row.config, wanted);
  } catch (error) {
    // It does not show it, and it has it: what we sent before. The proof compares the content all the same.
    if (!(error instanceof ProviderError) || error.code !== 'already_there' || !ours) throw error;
    return refOfPublish(publish, null);
  } finally {
    leave();
  }
}

const CROWDED = 'This instance is sending other packages. This one goes as soon as one of them is through.';

/** Asked once more at the last moment: only what was looked through and passed leaves this console. */
async function passedBytes(ctx: ServiceContext, { packageId }: Publish): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { scan } = await loadPackage(ctx, packageId);
    if (scan === 'passed') return await packageBytes(ctx, packageId);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new ProviderError('rejected', error.code, error.sentence);
  }
  const sentence = 'The package has not passed its inspection, so it was not sent. Look at its findings.';
  throw new ProviderError('rejected', 'not_passed', sentence);
}

function tellAccepted(
  ctx: ServiceContext,
  row: DeploymentRow,
  publish: Publish,
  provider: AnyProvider,
  url: string | null,
) {
  const about = aboutPublication(row, publish, provider.manifest.label);
  return movePublication(ctx, about, { state: 'accepted', url }, withinOf(provider));
}

export function withinOf({ manifest }: AnyProvider) {
  return (
    manifest.capabilities.publish?.withinMinutes ?? { validating: 60, scanning: 1440, active: 60, quarantined: 4320 }
  );
}

/** By what the gallery says; each step is written down with its time. Throws `ProviderError`. */
export async function observePublish(
  ctx: ServiceContext,
  provider: AnyProvider,
  context: ProviderContext,
  row: DeploymentRow,
  publish: Publish,
): Promise<Seen> {
  const followed = await isFollowed(ctx.db, row.id);
  const run = followed ? null : await observeRun(ctx, row, publish);
  if (run && !isOver(run)) return run;
  const since = await stoodSince(ctx, { ...publish, targetId: row.targetId });
  const placed = await lookThere(ctx, { provider, context }, row.config, publish);
  // Its end counts only where the gallery has nothing, and does not hide what it validates.
  if (run && run.phase !== 'done' && placed.state === 'absent') {
    const { manifest } = provider;
    return endedBadly(ctx, row, run, { manifest, minutes: withinOf(provider).validating });
  }
  // Followed there from here on, also where it had been taken away before this was asked for.
  if (run) await tellAccepted(ctx, row, publish, provider, placed.url);
  const tracked = await trackPlaced(ctx, { provider, row, publish }, placed, run ? undefined : since);
  const unknown = placed.state === 'unrecognised' && !tracked.overdue;
  const shownAs = {
    state: unknown ? ('unrecognised' as const) : tracked.state,
    raw: placed.rawState,
    url: tracked.url,
  };
  const shown = row.status === 'deploying' || row.status === 'cancelling';
  const about = { label: provider.manifest.label, overdue: tracked.overdue, shown };
  const observed = publishObservation(publish, { ...shownAs, sentence: placed.sentence ?? tracked.detail }, about);
  if (row.remoteId === null || !isRun(row.dispatch, row.remoteId)) return observed;
  // Its own jobs are the steps; what the gallery is waited for is said beside them.
  const ref = { id: row.remoteId, attempt: row.remoteAttempt, url: row.remoteUrl ?? '' };
  return { ...observed, ref, steps: run?.steps ?? [] };
}

/**
 * What a look says, written down; a version that is not shown yet is on its way. `seen`: `stoodSince` before the look, left
 * out where nothing can have moved meanwhile.
 */
export async function trackPlaced(
  ctx: ServiceContext,
  { provider, row, publish }: { provider: AnyProvider; row: DeploymentRow; publish: Publish },
  placed: Placed,
  seen: Date | null | undefined,
): Promise<{ state: PublicationState; detail: string | null; url: string | null; overdue: boolean }> {
  const about = aboutPublication(row, publish, provider.manifest.label);
  const within = withinOf(provider);
  const state = stateOf(placed.state);
  const news = state && { state, detail: placed.sentence, url: placed.url };
  const tracked = await movePublication(ctx, about, news, within, seen);
  const accepted = { state: 'accepted', url: placed.url } as const;
  const held = tracked ?? (await movePublication(ctx, about, accepted, within));
  return held ?? { ...accepted, detail: null, overdue: false };
}

/** After an answer that got lost: null = the gallery does not show it, which is no proof where it hides what it validates. */
export async function findPublished(open: Open, row: DeploymentRow, publish: Publish): Promise<RemoteRef | null> {
  const { is, placed } = await standingThere(open, row.config, publish);
  return is === 'same' || is === 'unseen' ? refOfPublish(publish, placed.url) : null;
}
