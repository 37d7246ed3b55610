import type { Weather } from '../../gates/model/preflight';
/** Whether a failure is ours: what it failed with, where else, and what the provider said then. Times are ISO 8601 in UTC. */
export interface FailureView {
  deployment: { id: string; number: number };
  /** Null where it did not fail, or failed before failures were kept. */
  failure: {
    line: string;
    step: string | null;
    exitCode: number | null;
    /** Where the line is from: the log, or only the sentence of the end. */
    source: 'log' | 'said';
    at: string;
  } | null;
  /** The same failure earlier on this target, in 90 days. */
  here: { times: number; last: FailedAlike | null };
  /** The same elsewhere, as far as the reader may see it: in 90 days, newest first, at most 5. */
  elsewhere: { times: number; newest: FailedAlike[] };
  /** What the provider said about itself while it ran, whether or not it still says so. */
  said: ProviderSaid[];
  /** How the credential and the quota stand now, worst first. */
  weather: Weather[];
  /** One sentence: ours, theirs, or nobody knows. */
  verdict: string;
}

export interface FailedAlike {
  id: string;
  number: number;
  component: string;
  environment: string;
  label: string;
  at: string;
}

export interface ProviderSaid {
  provider: string;
  name: string;
  url: string | null;
  impact: string;
  /** Its newest word that was read. */
  latest: string | null;
  since: string;
  /** When it was last read there. */
  seenAt: string;
}

type Facts = Pick<FailureView, 'here' | 'elsewhere' | 'said' | 'weather'>;

const times = (count: number) => (count === 1 ? 'once' : `${count} times`);

/** What the facts together say; nothing is claimed that they do not show. Pure. */
export function isItUs({ here, elsewhere, said, weather }: Facts): string {
  const [notice] = said;
  if (notice)
    return `${notice.provider} ${notice.impact === 'maintenance' ? 'was under maintenance' : 'had trouble of its own'} while it ran: “${notice.name}”. It may not be you; try again when that is over.`;
  const bad = weather.find(({ tone }) => tone === 'bad');
  if (bad) return `It may be the connection: ${bad.sentence}`;
  if (elsewhere.times > 0)
    return `The same failure came up ${times(elsewhere.times)} elsewhere in 90 days, so look at what they have in common before you look at this change.`;
  if (here.times > 0)
    return `This target failed like this ${times(here.times)} before in 90 days, and nothing else that you may see did: it is likely something here.`;
  return 'Nothing that you may see failed like this in 90 days, and no trouble of the provider is known: look at this change first.';
}
