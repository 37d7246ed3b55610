import { z } from 'zod';
import { type DeploymentStatus, STATUS_VIEW } from '@/lib/deployments/model/status';
import type { AnnouncedState, MarkForm, RecordObstacles } from '@/lib/providers/port';
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

/** Where that loses anything a digest stands for it, behind a dot, which no slug has: two labels never share a name. */
function slugged(label: string): string {
  const slug = label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (slug === label) return slug;
  return [slug.slice(0, 60), digest(label)].filter(Boolean).join('.');
}

/** 53 bits, without a library: this runs in browsers too, and keeps names apart, nothing secret. (cyrb53, public domain) */
function digest(text: string): string {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (const unit of text) {
    const code = unit.codePointAt(0) ?? 0;
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & low) + (high >>> 0)).toString(36);
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

const ON: Record<MarkForm, string> = { status: '“on: status”', check: '“on: check_run” and “on: check_suite”' };

/** The same for the status or the check at the commit. */
export function markSkipFor({ triggered, unknown }: RecordObstacles, to: string, as: MarkForm): Skipped | null {
  if (triggered.length > 0)
    return {
      code: 'triggers',
      sentence: `${to} would run ${named(triggered)} because of a ${as} at the commit, so none was set. If that is not wanted at all, take ${ON[as]} out of the file.`,
    };
  if (unknown === null) return null;
  return {
    code: 'not_known',
    sentence: `Whether ${to} would run something because of a ${as} at the commit cannot be known: ${unknown}. So none was set.`,
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

/** One of the two ways in which it is told: whether something is there or may be, and what keeps it from being said. */
export interface Channel {
  shown: boolean;
  code: string | null;
}

/** What shuts a way at which nothing is shown. */
export const SHUT_CODES = [...SKIPPED, 'missing_permission'] as const;

/** Nothing is asked there any more: it was decided before anything was shown. What is there is made true again and again. */
export function isShut({ shown, code }: Channel): boolean {
  return !shown && SHUT_CODES.some((each) => each === code);
}
