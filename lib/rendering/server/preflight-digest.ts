import { createHash } from 'node:crypto';
import type { Preflight } from '../model/preflight';

/** What somebody saw: SHA-256, in hexadecimal, over the target, the commit and everything that is shown of them. */
export function preflightDigest(targetId: string, sha: string | null, shown: Omit<Preflight, 'digest'>): string {
  const { mode, blockers, warnings, routes, variables } = shown;
  const said = [...blockers, ...warnings].map(({ code, where, line, sentence }) => [code, where, line, sentence]);
  const content = [1, targetId, sha, mode, blockers.length, said, routes, variables];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
