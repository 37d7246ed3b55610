/** A site that a repository is served as, in our words. Times are ISO 8601 in UTC. */
export interface Site {
  url: string | null;
  /** `workflow`: a workflow uploads what is served; `branch`: the provider serves, or builds, a folder of a branch. */
  buildType: 'workflow' | 'branch' | 'unrecognised';
  /** What a site that is built from a branch is built from; kept by the provider, and unused, while a workflow builds it. */
  source: SiteSource | null;
  state: 'live' | 'building' | 'failed' | 'unrecognised';
  domain: { name: string; proof: 'verified' | 'pending' | 'unverified' | 'unrecognised' | null } | null;
  certificate: { state: string; sentence: string; good: boolean; expiresAt: string | null } | null;
  httpsEnforced: boolean;
  visibility: 'public' | 'private';
  /** Newest first; empty while a workflow builds the site. */
  builds: SiteBuild[];
  settingsUrl: string;
}

export interface SiteSource {
  branch: string;
  path: '/' | '/docs';
}

export interface SiteBuild {
  /** The provider's own word. */
  state: string;
  failed: boolean;
  sha: string | null;
  at: string;
  by: string | null;
  error: string | null;
}

/** What the console can set: who builds the site and from what. */
export type WantedSite = { buildType: 'workflow' } | { buildType: 'branch'; source: SiteSource };

/** What became of what a run handed over to be served. */
export interface Publication {
  /** What the provider calls it by: the head that the run was started on. */
  id: string;
  state: 'going' | 'live' | 'cancelled' | 'failed' | 'unrecognised';
  /** The provider's own word. */
  rawState: string;
}

/** A branch that a site with several versions is served from. */
export interface ServedBranch {
  /** Its newest commit. */
  head: string;
  /** Text of the list of versions; null when the branch has none. */
  versionsFile: string | null;
  /** Text of the page that visitors come to first; null when there is none. */
  firstPage: string | null;
  /** Newest first, as many as were asked for. */
  log: { message: string; at: string }[];
}
