import { type ProviderContext, ProviderError } from '../port';
import { call } from './client';
import { type Release, releasesSchema } from './schema';

const NEWEST_FEW = 'version ..; order=desc,max=5';
/** As many as one request gives; what was set before them has no time. */
const NEWEST = 'version ..; order=desc,max=200';
/** `Set A, B config vars`, `Remove A config vars`; in former years `Config add A`. */
const CHANGED = /^(?:set|remove|unset|config (?:add|remove))\s+(\w+(?:(?:,\s*|,? and )\w+)*)(?:\s+config vars?)?$/i;

const namesIn = (description: string) => CHANGED.exec(description.trim())?.[1]?.split(/,\s*(?:and )?| and /) ?? [];

/**
 * When each config var was last changed, by name, as ISO 8601 in UTC: a change is a release, and its description has the
 * names; one that never went live changed nothing. Before a roll-back nothing is known, since that brings former values back.
 */
export function changesIn(newestFirst: readonly Release[]): ReadonlyMap<string, string> {
  const times = new Map<string, string>();
  for (const { description, created_at, status } of newestFirst) {
    if (isFailed(status)) continue;
    if (/^rollback\b/i.test(description)) break;
    const ms = Date.parse(created_at);
    for (const name of namesIn(description))
      if (!times.has(name) && !Number.isNaN(ms)) times.set(name, new Date(ms).toISOString());
  }
  return times;
}

/** One request. Throws `ProviderError`. */
export async function readChanges(c: ProviderContext, app: string): Promise<ReadonlyMap<string, string>> {
  const path = `/apps/${app}/releases`;
  const releases = await call(c, { method: 'GET', path, range: NEWEST, about: `app ${app}` }, releasesSchema);
  return changesIn(releases);
}

const isFailed = (status: Release['status']) => status === 'failed' || status === 'expired';

/**
 * What the release that changed `name` still waits for, in a sentence; null when it is live, or when Heroku made none. One
 * request. Throws `ProviderError`, ambiguous, when it never went live.
 * Source: https://devcenter.heroku.com/articles/release-phase
 */
export async function waitsFor(c: ProviderContext, app: string, name: string): Promise<string | null> {
  const path = `/apps/${app}/releases`;
  const about = `app ${app}`;
  const newest = await call(c, { method: 'GET', path, range: NEWEST_FEW, about }, releasesSchema).catch(unread);
  if (newest === null) return 'How its release came out could not be read: look at Heroku whether it went live.';
  const ours = newest.find(({ description }) => namesIn(description).includes(name));
  const called = ours?.version ? `release v${ours.version}` : 'a release';
  if (isFailed(ours?.status)) {
    const sentence = `Heroku made ${called} of it, whose release command failed, so what runs goes on without it. Read what the command said at Heroku and mend that first.`;
    throw new ProviderError('rejected', 'release_failed', sentence, { ambiguous: true });
  }
  if (ours?.status !== 'pending') return null;
  return `It is ${called}, and goes live when its release command has ended well; if that fails, what runs goes on without it.`;
}

/** It is written all the same. */
function unread(error: unknown): null {
  if (error instanceof ProviderError) return null;
  throw error;
}
