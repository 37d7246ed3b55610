/** What of a repository's workflows was read, so that nothing is called absent that was not looked at. */
export interface ReadOf {
  /** The branch that was read; others that targets are deployed from. */
  branch: string;
  others: readonly string[];
  hasCommit: boolean;
  /** Workflows that the host names, and how many of them were to be read. */
  listed: number;
  asked: number;
  /** Names of those whose text could not be had at that commit. */
  without: readonly string[];
}

/** Why it is not known in full what reads a secret there; null when every workflow of every branch in use was read. */
export function unreadOf({ branch, others, hasCommit, listed, asked, without }: ReadOf): string | null {
  if (!hasCommit) return `The branch ${branch} has no commit, so none of its workflows was read.`;
  const said = [
    asked < listed ? `Only ${asked} of its ${listed} workflows were read.` : null,
    without.length > 0 ? `${namesOf(without)} could not be read on ${branch}.` : null,
    others.length > 0 ? `Only the branch ${branch} was read, and not ${namesOf(others)}.` : null,
  ].filter((each) => each !== null);
  return said.length === 0 ? null : said.join(' ');
}

const SHOWN = 3;

function namesOf(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

interface Seen {
  repositories: readonly { problem: string | null }[];
  beyond: string | null;
}

/** Whether “nothing publishes that way any more” may be said at all. */
export function isReadInFull({ repositories, beyond }: Seen): boolean {
  return beyond === null && repositories.length > 0 && repositories.every(({ problem }) => problem === null);
}
