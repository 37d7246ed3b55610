import type { ServiceStatusView } from '@/lib/connections/model/standing';
import type { Publication, RunnersSeen, RunWait } from '@/lib/providers/port';

/** Why a deployment waits or went wrong, as the provider tells it when somebody looks. */
export interface DeploymentReasons {
  waits: WaitReason[];
  /** Null where the provider has no page, or says nothing that would explain it. */
  service: ServiceStatusView | null;
  burned: BurnedHead | null;
  /** Why the provider could not be asked. */
  problem: string | null;
}

export interface WaitReason {
  sentence: string;
  url: string | null;
}

/** A publication whose one result is kept, so that the same head does not go live any more. */
export interface BurnedHead {
  /** The head that the run was started on. */
  sha: string;
  sentence: string;
  /** A new commit makes a new head on this branch; null where a tag was deployed, which has only the one. */
  branch: string | null;
}

/** What a run waits for, most telling first. */
export function waitReasons(wait: RunWait, providerLabel: string): WaitReason[] {
  const groups = wait.groups.flatMap(({ name, ahead }) =>
    ahead.map(({ title, id, url, running }) => ({
      sentence: `It waits for “${title || `run ${id}`}”, which ${running ? 'has' : 'is before it in'} the concurrency group “${name}”.`,
      url,
    })),
  );
  if (wait.labels.length === 0) return groups;
  const labels = wait.labels.join(', ');
  const sentence = wait.runners
    ? `It waits for a runner with the labels ${labels}: ${runnersInWords(wait.runners, wait.labels)}`
    : `It waits for one of ${providerLabel}’s own runners (${labels}).`;
  return [...groups, { sentence, url: null }];
}

function runnersInWords(runners: RunnersSeen, labels: readonly string[]): string {
  if ('refused' in runners) return runners.refused;
  const fitting = runners.list.filter((runner) => fits(runner.labels, labels));
  if (fitting.length === 0) return 'none of the repository’s runners has them all. Add one, or change “runs-on:”.';
  const online = fitting.filter((runner) => runner.online);
  const busy = online.filter((runner) => runner.busy).length;
  const count = `${online.length} of ${fitting.length} online`;
  if (online.length === 0) return `${count}. Start one of them.`;
  return busy === online.length ? `${count}, all busy.` : `${count}, ${busy} busy.`;
}

/** The provider does not tell capitals apart. */
function fits(has: readonly string[], wanted: readonly string[]): boolean {
  const known = new Set(has.map((label) => label.toLowerCase()));
  return wanted.every((label) => known.has(label.toLowerCase()));
}

/** Null unless the provider keeps an ill end for this head. */
export function burnedHead(
  publication: Publication | null,
  site: { word: string; once: boolean },
  revision: { ref: string; refKind: 'branch' | 'tag' },
): BurnedHead | null {
  if (!publication || !site.once || (publication.state !== 'cancelled' && publication.state !== 'failed')) return null;
  const cancelled = publication.state === 'cancelled';
  const how = cancelled ? 'was cancelled' : 'failed';
  // Only of a cancelled one it is known for certain.
  const again = cancelled ? 'ends the same way or changes nothing' : 'may end the same way';
  const head = publication.id.slice(0, 7);
  const sentence = `${site.word} keeps one result for each head, and the one of ${head} ${how} (“${publication.rawState}”). Running it again, or deploying from the same head, ${again}.`;
  return { sha: publication.id, sentence, branch: revision.refKind === 'branch' ? revision.ref : null };
}
