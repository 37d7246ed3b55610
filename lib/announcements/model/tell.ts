import { z } from 'zod';
import { type DeploymentStatus, STATUS_VIEW } from '@/lib/deployments/model/status';
import type { AnnouncedState, RecordObstacles } from '@/lib/providers/port';
import { TELLINGS } from './telling';

export const setTellingInput = z.strictObject({
  targetId: z.string().min(1).max(60),
  telling: z.enum(TELLINGS),
});
export type SetTellingInput = z.input<typeof setTellingInput>;

/**
 * What the provider should show now; null while people have not agreed yet. A success counts as long as it is what is live.
 */
export function stateFor(status: DeploymentStatus, isLive: boolean): AnnouncedState | null {
  switch (status) {
    case 'awaiting_approval':
      return null;
    case 'queued':
    case 'submitting':
      return 'queued';
    case 'building':
    case 'deploying':
    case 'verifying':
    case 'cancelling':
      return 'in_progress';
    case 'succeeded':
      return isLive ? 'success' : 'inactive';
    case 'failed':
      return 'failure';
    case 'errored':
    case 'timed_out':
      return 'error';
    case 'cancelled':
    case 'superseded':
    case 'rejected':
      return 'inactive';
  }
}

const RANK: Record<AnnouncedState, number> = {
  queued: 0,
  in_progress: 1,
  success: 2,
  failure: 2,
  error: 2,
  inactive: 3,
};

/** Whether `next` may follow what was said: never backwards, and an end is never exchanged for another. */
export function mayFollow(said: AnnouncedState | null, next: AnnouncedState): boolean {
  return said === null || RANK[next] > RANK[said];
}

/** Nothing more can be said after this one. */
export function isLast(state: AnnouncedState): boolean {
  return state === 'failure' || state === 'error' || state === 'inactive';
}

/** Names no person and no reason: a record may be public where the repository is. */
export function describe(number: number, status: DeploymentStatus, state: AnnouncedState): string {
  if (status === 'succeeded' && state === 'inactive') return `#${number}: replaced by a newer deployment.`;
  return `#${number}: ${STATUS_VIEW[status].says}`;
}

interface Place {
  environment: string;
  component: string;
  label: string;
}

/** One name for each target, so that what is live of one component never ends the record of another. */
export function environmentName({ environment, component, label }: Place): string {
  return [environment, component, slugged(label)].filter(Boolean).join('-').slice(0, 255);
}

export function contextName({ environment, component, label }: Place): string {
  return ['aetherstack', component, environment, slugged(label)].filter(Boolean).join('/').slice(0, 255);
}

function slugged(label: string): string {
  return label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

const SKIPPED = ['own_record', 'triggers', 'not_known'] as const;

export interface Skipped {
  code: (typeof SKIPPED)[number];
  sentence: string;
}

/** Why no record is made although one is wanted; null when nothing is in the way. */
export function skipFor({ ownRecord, triggered, unknown }: RecordObstacles, to: string): Skipped | null {
  if (triggered.length > 0)
    return {
      code: 'triggers',
      sentence: `${to} would run ${named(triggered)} because of the record, so none was made. If that is not wanted at all, take “on: deployment” out of the file.`,
    };
  if (ownRecord !== null)
    return {
      code: 'own_record',
      sentence: `${to} makes its own record of this run, because the job “${ownRecord}” names an environment. A second one would show it twice.`,
    };
  if (unknown === null) return null;
  return {
    code: 'not_known',
    sentence: `Whether ${to} makes its own record, or would run something because of ours, cannot be known: ${unknown}. So none was made.`,
  };
}

/** The same for the status at the commit. */
export function markSkipFor({ triggered, unknown }: RecordObstacles, to: string): Skipped | null {
  if (triggered.length > 0)
    return {
      code: 'triggers',
      sentence: `${to} would run ${named(triggered)} because of a status at the commit, so none was set. If that is not wanted at all, take “on: status” out of the file.`,
    };
  if (unknown === null) return null;
  return {
    code: 'not_known',
    sentence: `Whether ${to} would run something because of a status at the commit cannot be known: ${unknown}. So none was set.`,
  };
}

const named = (files: readonly string[]) =>
  files.length > 3 ? `${files.slice(0, 3).join(', ')} and ${files.length - 3} more` : files.join(', ');

export function isSkipped(code: string | null): boolean {
  return SKIPPED.some((each) => each === code);
}

export const UNREAD_NOTE = 'files_unread';

/** Told all the same, with what nobody looked at; null when everything was looked at. */
export function unreadNote({ unread }: RecordObstacles): { code: typeof UNREAD_NOTE; sentence: string } | null {
  if (unread.length === 0) return null;
  return { code: UNREAD_NOTE, sentence: `Larger than 1 MB, so not looked at before: ${named(unread)}.` };
}

/** True of the whole deployment; any other trouble is over with the next answer. */
export function isLasting(code: string | null): boolean {
  return isSkipped(code) || code === 'missing_permission' || code === UNREAD_NOTE;
}

/** One of the two ways in which it is told: what was said there, and what keeps it from being said. */
export interface Channel {
  said: AnnouncedState | null;
  code: string | null;
}

/** Nothing is said there any more: it was decided before anything was said. A record that is there is made true again and again. */
export function isShut({ said, code }: Channel): boolean {
  return said === null && (isSkipped(code) || code === 'missing_permission');
}

export const MAX_TRIES = 10;
/** Each hour for a week, where something is shown already that is true no more. */
export const STALE_TRIES = 7 * 24;
const LONGEST_SECONDS = 900;
/** So long after a lost answer the provider lists what it made. */
export const SETTLE_SECONDS = 60;

/** Seconds until the next try, or null: set aside. */
export function nextTrySeconds(tries: number, trouble: { ambiguous: boolean }): number | null {
  if (tries >= MAX_TRIES) return null;
  const wait = Math.min(LONGEST_SECONDS, 5 * 2 ** Math.max(0, tries - 1));
  return trouble.ambiguous ? Math.max(SETTLE_SECONDS, wait) : wait;
}
