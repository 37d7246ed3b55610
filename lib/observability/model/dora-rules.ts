import type { FailureCause, Judged, Metric } from './dora';

export interface Rule {
  label: string;
  /** How the number is made, for people who want to check it. `{hours}` = how long a mender speaks against a change. */
  rule: string;
  /** What DORA means by it, in our words. */
  meant: string;
  /** Where this one is narrower or wider than what it means. */
  limit: string;
}

/** https://dora.dev/guides/dora-metrics/ and https://docs.gitlab.com/user/analytics/dora_metrics/ */
export const RULES: Record<Metric, Rule> = {
  frequency: {
    label: 'Deployment frequency',
    rule: 'Deployments that went live in the span, roll-backs not counted, divided by its days.',
    meant: 'How many deployments to production there are in a time, or how long it is between two.',
    limit:
      'Days are counted from the beginning of the span. GitLab counts every successful deployment, which takes roll-backs in.',
  },
  lead_time: {
    label: 'Lead time for changes',
    rule: 'From the time at which its author wrote the commit to the moment at which it was first live on the target: the median.',
    meant: 'How long a change takes from being committed to running in production.',
    limit:
      'Measured from the newest commit of a deployment, so older ones in it waited longer; a rebase keeps the author’s time, so one that was rebased late counts long; GitLab begins at the merge. Where the provider gave no time it is not known, and not counted.',
  },
  failure_rate: {
    label: 'Change failure rate',
    rule: 'Changes that were rolled back or hot-fixed within {hours} h of reaching users, or found not to work after the provider had said done; divided by all changes that reached users. A roll-back speaks against the change that users had when it was sent, also one that a roll-back had put there again; a hot fix after a roll-back against none.',
    meant: 'The share of deployments that need somebody to step in at once, by a roll-back or a hot fix.',
    limit:
      'What failed before it reached users is no failed change. GitLab divides incidents by deployments; those of the status page here are words to everybody and count in no figure, so an outage that nobody mended by deploying is not seen unless somebody says so.',
  },
  recovery_time: {
    label: 'Failed deployment recovery time',
    rule: 'From when a failed change reached users to the moment at which the next deployment that mended it was live: the median. What is not mended yet is not in it, and is told beside it.',
    meant: 'How long it takes to recover from a deployment that failed and needed somebody to step in.',
    limit: 'It begins when the change reached users, not when somebody noticed.',
  },
  rework_rate: {
    label: 'Deployment rework rate',
    rule: 'Roll-backs and hot fixes that went live, divided by everything that went live.',
    meant: 'The share of deployments that nobody planned and that an incident in production made necessary.',
    limit:
      'A hot fix is known by its words: branch, tag, reason or commit say “hotfix”, or the commit begins with “Revert”.',
  },
};

const CAUSES: Record<FailureCause, string> = {
  rolled_back: 'Rolled back',
  hot_fixed: 'Followed by a hot fix',
  failed_live: 'The provider said done, and the look that followed said otherwise',
  said: 'Said to have failed',
};

const MENDINGS = { roll_back: 'A roll-back', hot_fix: 'A hot fix, by its words', said: 'Said to be rework' } as const;
const LEADS = {
  no_commit_time: 'Not known: the provider gave no time for the commit.',
  clock: 'Not known: the commit says that it was written after it was live.',
  again: 'Not counted: this commit had been live here before.',
} as const;

/** How a row counts in a figure, in one sentence without its number. */
export function whyCounted(metric: Metric, { failure, mending, lead, recovery }: Judged): string {
  switch (metric) {
    case 'frequency':
      return 'It went live.';
    case 'lead_time':
      return lead && 'unknown' in lead ? LEADS[lead.unknown] : 'From its commit to live.';
    case 'failure_rate':
      return failure
        ? `${CAUSES[failure.cause]}${failure.by ? `: #${failure.by.number}` : ''}.`
        : 'Nothing spoke against it.';
    case 'recovery_time':
      return recovery === 'open' || recovery === null
        ? 'Nothing has gone live since that mends it.'
        : `Mended by #${recovery.by.number}.`;
    case 'rework_rate':
      return mending ? `${MENDINGS[mending]}.` : 'Planned.';
  }
}

/** What a row adds to a figure: true/false for a rate, milliseconds for a time; null = not known or not counted. */
export function addsOf(metric: Metric, { failure, mending, lead, recovery }: Judged): boolean | number | null {
  switch (metric) {
    case 'frequency':
      return true;
    case 'lead_time':
      return lead && 'ms' in lead ? lead.ms : null;
    case 'failure_rate':
      return failure !== null;
    case 'recovery_time':
      return recovery && recovery !== 'open' ? recovery.ms : null;
    case 'rework_rate':
      return mending !== null;
  }
}
