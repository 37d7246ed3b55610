import {
  type HostedAddress,
  type LiveNow,
  type Offer,
  type ProviderContext,
  ProviderError,
  type RemoteRef,
  type Serving,
} from '../port';
import { call, send } from './client';
import { sentenceOf } from './errors';
import { observe } from './runs';
import { type Live, liveSchema } from './schema';
import { appPath, markerOf, type Place, refOf } from './target';

export function readState(c: ProviderContext, place: Place): Promise<Live> {
  return call(c, { method: 'GET', path: `${appPath(place)}/live`, about: `app ${place.app}` }, liveSchema);
}

/** What this app keeps is served as it is; releases of another app are another folder, front and user of variables. */
export async function offer(c: ProviderContext, place: Place, ref: RemoteRef): Promise<Offer> {
  const { kept } = await readState(c, place);
  if (kept.includes(ref.id)) return { as: 'build' };
  const isOwn = await observe(c, place, ref).then(
    () => true,
    (error) => {
      if (error instanceof ProviderError && error.kind === 'notFound') return false;
      throw error;
    },
  );
  const because = isOwn
    ? `the server keeps the last releases of ${place.app} that were live, and not this one.`
    : `it is no release of the app ${place.app}, and an app serves its own only.`;
  return { as: 'rebuild', because };
}

/**
 * A release that is kept on the server: started where it does not run any more, checked, then switched. The answer comes
 * before that is over; `readServing` tells.
 */
export async function serve(
  c: ProviderContext,
  place: Place,
  ref: RemoteRef,
  as: 'promote' | 'restore',
): Promise<void> {
  const body = { release: ref.id, as };
  await send(c, { method: 'POST', path: `${appPath(place)}/restore`, body, about: `release ${ref.id}` });
}

/** Why visitors get nothing of what is live; null while they do. */
function whyDown({ live, front }: Live): string | null {
  if (!live) return null;
  if (!live.running)
    return 'What is live does not run on the server at the moment: visitors get an error. The agent starts it again; look at its log there.';
  if (front === 'up') return null;
  return 'What answers visitors on the server is not this app’s front: another program may have its port. Look at logs/front.log there.';
}

export async function readServing(c: ProviderContext, place: Place): Promise<Serving> {
  const state = await readState(c, place);
  const { live } = state;
  const down = whyDown(state);
  return {
    ref: live && !down ? refOf(c, place, live.release) : null,
    change: lastChange(state),
    held: null,
    ...(down ? { down } : {}),
    ...(live ? { changed: live.changedNotLive } : {}),
  };
}

/** The last change without a build, however long ago: what came after one that went well shows as what is live. */
function lastChange({ live, change }: Live): Serving['change'] {
  if (!change) return null;
  const kind = change.as === 'promote' ? 'promote' : 'restore';
  if (change.state === 'going-on') return { to: change.release, kind, state: 'going-on' };
  if (change.state === 'done') return { to: live?.release ?? change.release, kind, state: 'done' };
  return { to: change.release, kind, state: 'failed', sentence: change.failure && sentenceOf(change.failure.sentence) };
}

/** The addresses that the agent's configuration names, and whether each leads to it, as it found by asking them. */
export async function readAddresses(c: ProviderContext, place: Place): Promise<HostedAddress[]> {
  const state = await readState(c, place);
  const live = whyDown(state) ? null : state.live;
  const leads = new Map(state.addresses.map(({ name, leadsHere }) => [name.toLowerCase(), leadsHere]));
  return [...leads]
    .filter(([name]) => /^[a-z0-9.-]+$/.test(name))
    .map(([name, verified]) => ({
      name,
      ref: live && refOf(c, place, live.release),
      marker: live && markerOf(live.key),
      redirectsTo: null,
      verified,
    }));
}

/** What visitors get. Throws while they get nothing of what is live: that is no news about what was deployed. */
export async function readLive(c: ProviderContext, place: Place): Promise<LiveNow | null> {
  const state = await readState(c, place);
  const { live } = state;
  if (!live) return null;
  const down = whyDown(state);
  if (down) throw new ProviderError('unavailable', 'not_running', down);
  return {
    sha: live.commit,
    version: null,
    ref: refOf(c, place, live.release),
    marker: markerOf(live.key),
    byName: live.by,
    at: live.since,
  };
}

const MODES = new Map([
  ['server', 'ssr'],
  ['static', 'ssg'],
] as const);

/** What is live says how it was built; nothing is set on the server beforehand. */
export async function readRendering(c: ProviderContext, place: Place) {
  const { live } = await readState(c, place);
  const raw = live ? (live.mode ?? 'the agent does not know how it was built') : 'nothing is live yet';
  const mode = MODES.get(raw as 'server' | 'static') ?? null;
  return { mode, raw, where: 'the build that is live', url: null, obstacle: null };
}
