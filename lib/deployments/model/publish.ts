import type { ExtensionVersion, Observation, PublishRun, RemoteRef } from '../../providers/port';
import { publicationObserved } from '../../publications/model/observation';
import type { PublicationState } from '../../publications/model/publication';

/** A package that is there already and is to be published as it is: nothing is built for such a deployment. */
export interface Publish extends ExtensionVersion {
  /** SHA-256 of its bytes, in hexadecimal. */
  packageId: string;
  prerelease: boolean;
  /** Set where a workflow publishes it; as it was when the deployment was asked for. */
  by?: PublishByRun;
}

/** `formDigest`: SHA-256 of the workflow file as it was then; another one is not started. */
export type PublishByRun = PublishRun & { formDigest?: string };

/** A package that came without a commit is named by the start of its own digest. */
export function hasCommit({ packageId }: Pick<Publish, 'packageId'>, sha: string): boolean {
  return !packageId.startsWith(sha);
}

/** A gallery knows a version by its name; there is no run. */
export function refOfPublish(
  { publisher, name, version, targetPlatform }: ExtensionVersion,
  url: string | null,
): RemoteRef {
  const platform = targetPlatform === 'universal' ? '' : `-${targetPlatform}`;
  return { id: `${publisher}.${name}@${version}${platform}`, attempt: 1, url: url ?? '' };
}

/** How far a gallery is, as the engine follows it. `shown`: the deployment says already that it is being put live. */
export function publishObservation(
  publish: Publish,
  seen: { state: PublicationState | 'unrecognised'; raw: string; sentence: string | null; url: string | null },
  about: { label: string; overdue: boolean; shown: boolean },
): Observation {
  const { phase, waitingFor, failure } = publicationObserved(seen, about);
  const over = phase === 'done' || phase === 'failed';
  const ref = refOfPublish(publish, seen.url);
  return {
    ...{ ref, phase, rawPhase: seen.raw.slice(0, 100), sha: null, startedAt: null, finishedAt: null },
    ...{ waitingFor, failure },
    steps: [
      {
        ...{ key: `${ref.id}:publish`, job: 'Publish', jobId: ref.id, number: 0, name: `Publish to ${about.label}` },
        status: over ? (phase === 'done' ? 'succeeded' : 'failed') : 'running',
        startedAt: null,
        endedAt: null,
      },
    ],
  };
}
