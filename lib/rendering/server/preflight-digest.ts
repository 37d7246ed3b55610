import { createHash } from 'node:crypto';
import type { Revision } from '@/lib/providers/port';
import type { RenderingMode } from '../model/mode';
import type { Preflight } from '../model/preflight';

export interface About {
  targetId: string;
  /** The connection, and what people call its provider. */
  host: readonly string[];
  from: RenderingMode | null;
  revision: Pick<Revision, 'ref' | 'sha'> | null;
}

/** What somebody saw: SHA-256, in hexadecimal, over the target, the commit and everything that is shown of them. */
export function preflightDigest(about: About, shown: Omit<Preflight, 'digest'>): string {
  const { targetId, host, from, revision } = about;
  const { mode, blockers, warnings, routes, variables } = shown;
  const said = [...blockers, ...warnings].map(({ code, where, line, sentence, mend }) => [
    code,
    where,
    line,
    sentence,
    mend,
  ]);
  const built = [revision?.ref ?? null, revision?.sha ?? null];
  const content = [2, targetId, host, from, built, mode, blockers.length, said, routes, variables];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
