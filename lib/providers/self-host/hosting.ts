import type { HostedAddress, LiveNow, ProviderContext, RemoteRef, Serving } from '../port';
import { call, send } from './client';
import { type Live, liveSchema } from './schema';
import { appPath, markerOf, type Place, refOf } from './target';

/** A change that ended longer ago than this is no news. */
const CHANGE_MS = 10 * 60_000;

export function readState(c: ProviderContext, place: Place): Promise<Live> {
  return call(c, { method: 'GET', path: `${appPath(place)}/live`, about: `app ${place.app}` }, liveSchema);
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

const STATES = new Map<string, NonNullable<Serving['change']>['state']>([
  ['going-on', 'going-on'],
  ['done', 'done'],
]);

export async function readServing(c: ProviderContext, place: Place): Promise<Serving> {
  const { live, change } = await readState(c, place);
  const isNews = change !== null && (change.state === 'going-on' || c.now() - Date.parse(change.at) < CHANGE_MS);
  return {
    ref: live && refOf(c, place, live.release),
    change: isNews
      ? {
          to: change.release,
          kind: change.as === 'promote' ? 'promote' : 'restore',
          state: STATES.get(change.state) ?? 'failed',
        }
      : null,
    held: null,
  };
}

/** The addresses that the agent's configuration names; whether they lead to that server is not known there. */
export async function readAddresses(c: ProviderContext, place: Place): Promise<HostedAddress[]> {
  const { live, addresses } = await readState(c, place);
  const names = [...new Set(addresses.map((name) => name.toLowerCase()))].filter((name) => /^[a-z0-9.-]+$/.test(name));
  return names.map((name) => ({
    name,
    ref: live && refOf(c, place, live.release),
    marker: live && markerOf(live.key),
    redirectsTo: null,
    verified: true,
  }));
}

/** What the server serves: where its link leads, whoever set it. */
export async function readLive(c: ProviderContext, place: Place): Promise<LiveNow | null> {
  const { live } = await readState(c, place);
  if (!live) return null;
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
  const raw = live?.mode ?? 'nothing is live yet';
  const mode = MODES.get(raw as 'server' | 'static') ?? null;
  return { mode, raw, where: 'the build that is live', url: null, obstacle: null };
}
