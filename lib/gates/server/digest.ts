import { createHash } from 'node:crypto';
import type { RenderingMode } from '../../rendering/model/mode';
import type { Policy } from '../model/policy';

/** What an approval is given for. Any change of it makes another digest, and what was given no longer counts. */
export interface Approvable {
  targetId: string;
  environmentId: string;
  connectionId: string;
  kind: string;
  ref: string;
  refKind: string;
  sha: string;
  inputs: Record<string, unknown>;
  config: Record<string, unknown>;
  /** A word for SSR never counts for SSG. */
  rendering?: RenderingMode | null;
  /** The file that the provider will run, wherever the branch has moved to by then. */
  dispatch: {
    form?: { path: string; digest: string };
    serve?: { verb: string; remoteId: string };
    publish?: { packageId: string };
  };
}

/** SHA-256 in hexadecimal over revision, environment, inputs, settings, rendering mode, policy and the file that is run. */
export function approvalDigest(what: Approvable, policy: Policy): string {
  const { targetId, environmentId, connectionId, kind, ref, refKind, sha, inputs, config } = what;
  const { form, serve, publish } = what.dispatch;
  // Left out where there is none: what was approved before modes were known keeps its digest.
  const rendering = what.rendering ?? undefined;
  const asked = { targetId, environmentId, connectionId, kind, ref, refKind, sha, inputs, config, rendering };
  const content = { ...asked, policy, form, serve, publish };
  return createHash('sha256')
    .update(JSON.stringify(ordered(content)))
    .digest('hex');
}

/** JSON without the accidents of key order: the database's jsonb does not keep it. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, ordered(each)]));
}
