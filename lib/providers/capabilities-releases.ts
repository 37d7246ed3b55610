import type { ProviderContext } from './context';

export interface ReleaseAsset {
  name: string;
  /** Bytes. */
  size: number;
  downloads: number;
  /** `sha256:…`, where the provider tells it. */
  digest: string | null;
  url: string;
}

/** A version as the repository's provider shows it. Times are ISO 8601. */
export interface PublishedRelease {
  id: string;
  tag: string;
  /** Null when nobody knows: a draft's tag is only made when it is published. */
  sha: string | null;
  name: string;
  body: string;
  draft: boolean;
  preRelease: boolean;
  /** Tag and assets cannot be changed any more. */
  immutable: boolean;
  author: string;
  createdAt: string;
  publishedAt: string | null;
  url: string;
  assets: ReleaseAsset[];
}

export interface RepositoryTag {
  name: string;
  sha: string;
}

export interface WantedRelease {
  tag: string;
  /** What the tag shall point at; ignored by the provider when the tag is there, so that is looked at first. */
  sha: string;
  name: string;
  body: string;
  draft: boolean;
  preRelease: boolean;
  latest: boolean;
  /** Stays in the text, unseen: whoever asks again finds what was made. */
  marker: string;
}

export interface WantedNotes {
  tag: string;
  sha: string;
  /** Null: what the provider takes for the one before. */
  previousTag: string | null;
  /** Path of the file in the repository that says how they are grouped; null = the provider's own place for it. */
  configuration: string | null;
}

/** Releases and tags of a repository. A mutation is exactly one request, or as many as its comment says. */
export interface ReleaseCapabilities {
  releases: {
    traits: { generatedNotes: boolean; latest: boolean; drafts: boolean };
    methods: {
      /** Newest first, at most 100, drafts among them where the credential may write. */
      list(c: ProviderContext, repository: string): Promise<PublishedRelease[]>;
      /** Drafts too; null when no release has this tag. */
      byTag(c: ProviderContext, repository: string, tag: string): Promise<PublishedRelease | null>;
      /** The commit that a tag leads to; null when there is no such tag. */
      tag(c: ProviderContext, repository: string, name: string): Promise<string | null>;
      /** At most 200. */
      tags(c: ProviderContext, repository: string): Promise<RepositoryTag[]>;
      /** An annotated tag: its object, then its name, two requests. The first alone shows nowhere. */
      createTag(c: ProviderContext, repository: string, tag: RepositoryTag & { message: string }): Promise<void>;
      /** Nothing is made by asking. */
      notes(c: ProviderContext, repository: string, wanted: WantedNotes): Promise<{ name: string; body: string }>;
      create(c: ProviderContext, repository: string, wanted: WantedRelease): Promise<PublishedRelease>;
      /** A draft becomes public, and its tag is made: that tag at that commit, whatever the draft says meanwhile. */
      publish(
        c: ProviderContext,
        repository: string,
        draft: { id: string; tag: string; sha: string; latest: boolean },
      ): Promise<PublishedRelease>;
    };
  };
}
