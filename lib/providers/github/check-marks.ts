import type { z } from 'zod';
import type { ProviderContext, Said, WantedCheck } from '../port';
import { cut } from './announcements';
import { readPages, write } from './client';
import { namedCheckRunsSchema } from './schema';
import type { Place } from './target';

type Row = z.infer<typeof namedCheckRunsSchema>['check_runs'][number];

/** A target's deployments of one commit share a name, so more than one page is rare. */
const MAX_PAGES = 3;
const OURS = 'aetherstack:';
const externalId = ({ console, marker }: Pick<WantedCheck, 'console' | 'marker'>) => `${OURS}${console}:${marker}`;
/** As it was before checks named their console: whose such a one is can only be said of a deployment of our own. */
const formerId = ({ marker }: Pick<WantedCheck, 'marker'>) => `${OURS}${marker}`;

/** Whether a check of this name was written by a console: a job of a workflow may be called so, too. */
export function isOwnCheck(
  { name, external_id }: Pick<Row, 'name' | 'external_id'>,
  names: ReadonlySet<string> | undefined,
): boolean {
  return (names?.has(name ?? '') ?? false) && (external_id?.startsWith(OURS) ?? false);
}

/**
 * Moves this deployment's check on where it is the newest of its name and still open; otherwise makes a new one, and closes the
 * one before, so that no older one stays open beside it. One that has ended is never opened again. Only a GitHub App may write
 * checks. Source: https://docs.github.com/en/rest/checks/runs#create-a-check-run
 */
export async function sayCheck(c: ProviderContext, place: Place, wanted: WantedCheck, said: Said): Promise<void> {
  const newest = (await ownChecks(c, place, wanted))[0];
  const isOpen = newest !== undefined && newest.status !== 'completed';
  const isMine = newest !== undefined && [externalId(wanted), formerId(wanted)].includes(newest.external_id ?? '');
  if (newest && isMine && isOpen) return change(c, place, newest.id, standing(said));
  if (newest && isMine && newest.conclusion === CONCLUSIONS[said.state]) return;
  // Before the new one is there, so that whatever the order is by, what counts last is the new one.
  if (newest && isOpen) await change(c, place, newest.id, REPLACED);
  await write(c, {
    route: 'POST /repos/{owner}/{repo}/check-runs',
    params: {
      ...{ owner: place.owner, repo: place.repo, name: wanted.name, head_sha: wanted.sha },
      external_id: externalId(wanted),
      ...standing(said),
    },
    about: { what: 'commit', subject: wanted.sha.slice(0, 7) },
  });
}

/** This console's own of this name, the newest first. GitHub's own `latest` goes by when they ended, so all are asked for. */
async function ownChecks(c: ProviderContext, place: Place, wanted: WantedCheck): Promise<Row[]> {
  const { sha, name } = wanted;
  const call = {
    route: 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
    params: { owner: place.owner, repo: place.repo, ref: sha, check_name: name, filter: 'all' },
    about: { what: 'commit', subject: sha.slice(0, 7) },
  } as const;
  const rows = await readPages(c, call, namedCheckRunsSchema, (page) => page.check_runs, MAX_PAGES);
  const ours = rows.filter((row) => isOfConsole(row, wanted) && !isAnothers(c, row));
  return ours.sort((a, b) => (BigInt(b.id) > BigInt(a.id) ? 1 : -1));
}

/** Through one App several consoles may write, also under one name; the deployments of the others are none of ours. */
function isOfConsole({ name, external_id }: Row, wanted: WantedCheck): boolean {
  if (name !== wanted.name) return false;
  const isFormer = [wanted.marker, ...wanted.olderMarkers].some((marker) => external_id === formerId({ marker }));
  return isFormer || (external_id?.startsWith(`${OURS}${wanted.console}:`) ?? false);
}

/** Only the App that made a check may change it. */
function isAnothers({ credential }: ProviderContext, { app }: Row): boolean {
  return credential.kind === 'app' && app != null && app.id !== credential.appId;
}

async function change(c: ProviderContext, place: Place, id: string, standing: object): Promise<void> {
  await write(c, {
    route: 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
    params: { owner: place.owner, repo: place.repo, check_run_id: id, ...standing },
    about: { what: 'check', subject: id },
  });
}

/** What was called off is never green, and neither is what ended badly; no conclusion: it has not ended. */
const CONCLUSIONS: Partial<Record<Said['state'], string>> = {
  success: 'success',
  failure: 'failure',
  error: 'failure',
  inactive: 'cancelled',
};

const REPLACED = {
  status: 'completed',
  conclusion: 'cancelled',
  output: { title: 'Another deployment of this commit has the word now', summary: 'Its check stands beside this one.' },
};

function standing(said: Said) {
  const conclusion = CONCLUSIONS[said.state];
  const page = said.link ?? said.log;
  const links = [said.link && `[The deployment](${said.link})`, said.log && `[Its run](${said.log})`].filter(Boolean);
  return {
    ...(conclusion ? { status: 'completed', conclusion } : { status: said.state }),
    ...(page ? { details_url: page } : {}),
    output: { title: cut(said.description), summary: [said.description, ...links].join('\n\n') },
  };
}
