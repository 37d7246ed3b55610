import type { Refusal } from '@/lib/kernel/errors';

/** Where a commit is live. */
export interface LiveAt {
  component: string;
  environment: string;
  label: string;
  isProduction: boolean;
  deploymentId: string;
  number: number;
  sha: string;
  version: string;
}

export interface ReleaseAssetView {
  name: string;
  /** Bytes. */
  size: number;
  downloads: number;
  digest: string | null;
  url: string;
}

export interface ReleaseRow {
  id: string;
  tag: string;
  sha: string | null;
  name: string;
  /** Its beginning; the whole of it is at `url`. */
  notes: string;
  draft: boolean;
  preRelease: boolean;
  immutable: boolean;
  author: string;
  at: string;
  url: string;
  assets: ReleaseAssetView[];
  live: LiveAt[];
}

export interface ReleaseRepository {
  connectionId: string;
  connectionName: string;
  repository: string;
  components: { slug: string; name: string }[];
  releases: ReleaseRow[];
  /** Newest first as the provider lists them; what a release may follow. */
  tags: { name: string; sha: string }[];
  /** Commits that are live, each once, to make a release from. */
  live: LiveAt[];
  can: { generatedNotes: boolean; latest: boolean; drafts: boolean };
  /** Why it could not be read; then the lists are empty. */
  problem: Refusal | null;
}

export interface ReleasesView {
  repositories: ReleaseRepository[];
  /** Repositories that were not read, because a page reads so many and no more. */
  left: string[];
  /** Why this person may make none; null when they may. */
  changeRefusal: string | null;
}

export interface MadeRelease {
  tag: string;
  url: string;
  draft: boolean;
  /** False: it was there already, made by the same press. */
  made: boolean;
}

export interface MadeTag {
  tag: string;
  sha: string;
  made: boolean;
}

export interface NotesView {
  name: string;
  body: string;
}
