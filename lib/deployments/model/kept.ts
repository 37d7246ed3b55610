import type { DeployForm, InputValue } from '@/lib/providers/port';

/** The input by which a workflow that takes it is told which releases will do, as the blueprint of a server of one's own does. */
export const KEPT_RELEASES = 'aetherstack_kept';

/** As `releases/<commit>-<mode>-<run>-<attempt>` ends there. */
const RELEASE = /^\d{1,20}-\d{1,6}$/;
/** A server keeps five. */
const MOST = 5;

type Form = Pick<DeployForm, 'fields'> | null;

/** Whether its workflow serves a release that is still there instead of building. */
export function takesKept(form: Form): boolean {
  return form?.fields.some(({ name, type }) => name === KEPT_RELEASES && type === 'string') ?? false;
}

/** As people fill it in: which releases will do is for a roll-back to say. */
export function withoutKept<F extends Pick<DeployForm, 'fields'>>(form: F): F {
  return { ...form, fields: form.fields.filter(({ name }) => name !== KEPT_RELEASES) };
}

/** It can be told to serve a release of the commit, but not which one: made by the blueprint of before. */
export function isFormerKept(form: Form): boolean {
  return !takesKept(form) && (form?.fields.some(({ name, type }) => name === 'kept' && type === 'boolean') ?? false);
}

/**
 * What serves again exactly what a deployment put there, the newest first: what its own run built, and where that built
 * nothing, what it was told to serve. Null where its run is not known.
 */
export function releasesOf(row: {
  remoteId: string | null;
  remoteAttempt: number;
  inputs: Readonly<Record<string, InputValue>>;
}): string | null {
  const own = `${row.remoteId}-${row.remoteAttempt}`;
  if (!RELEASE.test(own)) return null;
  const served = String(row.inputs[KEPT_RELEASES] ?? '').split(' ');
  return [...new Set([own, ...served.filter((each) => RELEASE.test(each))])].slice(0, MOST).join(' ');
}
