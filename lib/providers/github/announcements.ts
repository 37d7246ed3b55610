import { z } from 'zod';
import { type ProviderContext, ProviderError, type RecordRef, type Said, type WantedRecord } from '../port';
import { type Answer, readPages, write } from './client';
import { manifest } from './manifest';
import { deploymentSchema } from './schema-releases';
import type { Place } from './target';
import { webOf } from './web';

type Row = z.infer<typeof deploymentSchema>;

/** Other tools' records of the same commit are among them, so more than one page may be needed. */
const MAX_PAGES = 3;
const TASK = 'deploy';

/**
 * The oldest record whose payload has our marker. Not asked by environment: that name is made of a target's label, which may
 * have changed between a lost answer and the next try. Source: https://docs.github.com/en/rest/deployments/deployments#list-deployments
 */
export async function findRecord(c: ProviderContext, place: Place, wanted: WantedRecord): Promise<RecordRef | null> {
  const { sha } = wanted;
  const call = {
    route: 'GET /repos/{owner}/{repo}/deployments',
    params: { owner: place.owner, repo: place.repo, sha, task: TASK },
    about: { what: 'repository', subject: place.repository },
  } as const;
  const rows = await readPages(c, call, z.array(deploymentSchema), (page) => page, MAX_PAGES);
  const ours = rows.filter((row) => markerOf(row) === wanted.marker);
  const oldest = ours.sort((a, b) => a.created_at.localeCompare(b.created_at))[0];
  return oldest ? toRef(c, place, oldest) : null;
}

function markerOf({ payload }: Row): string | null {
  const parsed = typeof payload === 'string' ? jsonOf(payload) : payload;
  const marker = z.object({ aetherstack: z.object({ marker: z.string() }) }).safeParse(parsed);
  return marker.success ? marker.data.aetherstack.marker : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Makes the record. `auto_merge` off and no required contexts: with GitHub's own defaults it would merge the default branch
 * into ours (202) or refuse over a check of another tool (409); what may be deployed is decided by the gates here.
 * Source: https://docs.github.com/en/rest/deployments/deployments#create-a-deployment
 */
export async function createRecord(c: ProviderContext, place: Place, wanted: WantedRecord): Promise<RecordRef> {
  const answer = await write(c, {
    route: 'POST /repos/{owner}/{repo}/deployments',
    params: {
      owner: place.owner,
      repo: place.repo,
      ref: wanted.sha,
      task: TASK,
      auto_merge: false,
      required_contexts: [],
      environment: wanted.environment,
      transient_environment: false,
      production_environment: wanted.isProduction,
      description: cut(wanted.description),
      payload: { aetherstack: { marker: wanted.marker, title: wanted.title } },
    },
    about: { what: 'repository', subject: place.repository },
  });
  return toRef(c, place, made(answer));
}

/** 202 means that GitHub merged something instead, which was not asked for, or that nothing was made yet. */
function made(answer: Answer<unknown>): Row {
  const parsed = answer.status === 201 ? deploymentSchema.safeParse(answer.data) : null;
  if (parsed?.success) return parsed.data;
  const sentence = `GitHub answered ${answer.status} and no deployment record. It is looked up before another one is made.`;
  throw new ProviderError('protocol', 'no_record', sentence, { ambiguous: true });
}

function toRef(c: ProviderContext, place: Place, row: Row): RecordRef {
  const repository = `${webOf(c)}/${place.owner}/${place.repo}`;
  return { id: row.id, url: `${repository}/deployments/${encodeURIComponent(row.environment)}` };
}

/** `auto_inactive` is off: with it GitHub ends the records of every other component in an environment of the same name. */
export async function sayRecord(c: ProviderContext, place: Place, record: RecordRef, said: Said): Promise<void> {
  await write(c, {
    route: 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
    params: {
      owner: place.owner,
      repo: place.repo,
      deployment_id: record.id,
      state: said.state,
      description: cut(said.description),
      auto_inactive: false,
      ...(said.link ? { environment_url: said.link } : {}),
      ...((said.log ?? said.link) ? { log_url: said.log ?? said.link } : {}),
    },
    about: { what: 'record', subject: record.id },
  });
}

/** A commit has no word for what was called off; it is never green, and nothing stays pending for ever. */
const COMMIT_STATES = { queued: 'pending', in_progress: 'pending', inactive: 'error' } as const;

/** The newest status of a context counts. Source: https://docs.github.com/en/rest/commits/statuses#create-a-commit-status */
export async function markCommit(c: ProviderContext, place: Place, sha: string, name: string, said: Said) {
  const state = said.state in COMMIT_STATES ? COMMIT_STATES[said.state as keyof typeof COMMIT_STATES] : said.state;
  await write(c, {
    route: 'POST /repos/{owner}/{repo}/statuses/{sha}',
    params: {
      owner: place.owner,
      repo: place.repo,
      sha,
      state,
      context: name,
      description: cut(said.description),
      ...(said.link ? { target_url: said.link } : {}),
    },
    about: { what: 'commit', subject: sha.slice(0, 7) },
  });
}

/** GitHub's limit is 140; whole code points, so that no half of a pair is sent. */
export function cut(text: string): string {
  const { descriptionLimit } = manifest.capabilities.announcements;
  const points = [...text];
  return points.length > descriptionLimit ? `${points.slice(0, descriptionLimit - 1).join('')}…` : text;
}
