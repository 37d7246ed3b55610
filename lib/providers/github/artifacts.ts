import { z } from 'zod';
import { CUT_HEADER } from '@/lib/http/guarded-fetch';
import { LARGEST_HEADER } from '@/lib/http/quota';
import { type ProviderContext, ProviderError, type RemoteRef, type RunArtifact } from '../port';
import { read, readPages } from './client';
import { remoteId } from './schema';
import type { Place } from './target';

const MAX_PAGES = 3;

const artifactSchema = z.object({
  id: remoteId,
  name: z.string().max(300),
  size_in_bytes: z.number().int().nonnegative(),
  expired: z.boolean(),
  created_at: z.string().nullish(),
  digest: z.string().nullish(),
  workflow_run: z.object({ id: remoteId.optional() }).nullish(),
});
const artifactsSchema = z.object({ total_count: z.number().int(), artifacts: z.array(artifactSchema) });

type Artifact = z.infer<typeof artifactSchema>;

/** https://docs.github.com/en/rest/actions/artifacts#list-workflow-run-artifacts */
export async function listArtifacts(c: ProviderContext, place: Place, ref: RemoteRef): Promise<RunArtifact[]> {
  const { owner, repo } = place;
  const call = {
    route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts',
    params: { owner, repo, run_id: ref.id },
    about: { what: 'run', subject: ref.id },
  } as const;
  const all = await readPages(c, call, artifactsSchema, ({ artifacts }) => artifacts, MAX_PAGES);
  const own = all.filter(({ workflow_run }) => (workflow_run?.id ?? ref.id) === ref.id);
  return newestOfEachName(own).map(({ id, name, size_in_bytes: bytes, expired, digest }) => ({
    ...{ id, name, bytes, expired },
    sha256: /^sha256:([0-9a-f]{64})$/.exec(digest ?? '')?.[1] ?? null,
  }));
}

/** A run that was tried again has kept something of the same name before. */
function newestOfEachName(all: readonly Artifact[]): Artifact[] {
  const newest = new Map<string, Artifact>();
  const at = (each: Artifact) => Date.parse(each.created_at ?? '') || 0;
  for (const each of all) {
    const known = newest.get(each.name);
    if (!known || at(each) > at(known)) newest.set(each.name, each);
  }
  return [...newest.values()];
}

/**
 * GitHub answers with an address at its store that is good for a minute; the credential stays behind.
 * Source: https://docs.github.com/en/rest/actions/artifacts#download-an-artifact
 */
export async function downloadArtifact(
  c: ProviderContext,
  { owner, repo }: Place,
  artifactId: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const call = {
    route: 'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}',
    params: { owner, repo, artifact_id: artifactId, archive_format: 'zip' },
    headers: { [LARGEST_HEADER]: String(maxBytes) },
    about: { what: 'artifact', subject: artifactId },
  } as const;
  const answer = await read(c, call, z.instanceof(ArrayBuffer));
  if (CUT_HEADER in answer.headers)
    throw new ProviderError(
      'rejected',
      'too_large',
      `What the run has kept is larger than ${Math.round(maxBytes / 1_048_576)} MB. Keep the package alone, in an artifact of its own.`,
    );
  return new Uint8Array(answer.data);
}
