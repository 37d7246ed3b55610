import type { Credential, ProviderContext, TargetConfig } from './context';

/** Words that every provider that shows deployments knows; the adapter says them in its own. */
export type AnnouncedState = 'queued' | 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';

/** What is asked to be shown of one deployment. */
export interface WantedRecord {
  /** Ours alone, the same however often it is asked: what the record is found by. */
  marker: string;
  sha: string;
  environment: string;
  isProduction: boolean;
  /** `#128`, for people who look at the record. */
  title: string;
  description: string;
}

export interface RecordRef {
  id: string;
  url: string;
}

export interface Said {
  state: AnnouncedState;
  description: string;
  /** The deployment's page in this console; null when it has no address that others can open. */
  link: string | null;
  /** Where the output of the provider's own run is. */
  log: string | null;
}

/** How a word is said at a commit: one line of the newest word, or a check with a page of its own. */
export type MarkForm = 'status' | 'check';

export interface WantedCheck {
  sha: string;
  /** One for each target; the newest check of a name counts. */
  name: string;
  /** Ours alone, the same however often it is asked. */
  marker: string;
  /** Of older deployments that were told under this name at this commit. */
  olderMarkers: readonly string[];
  /** This console's own id: what another one wrote, through the same account and under the same name, is left alone. */
  console: string;
}

/** Why the provider would show a deployment twice, or do something because of it. */
export interface RecordObstacles {
  /** The part of the target's own workflow that makes such a record by itself; null when none does. */
  ownRecord: string | null;
  /** Files that are run when somebody makes such a record, or such a mark. */
  triggered: string[];
  /** Files that are too large to be looked at; whether they are run nobody knows. */
  unread: string[];
  /** Why it cannot be known at all, as a part of a sentence; null when it is known. */
  unknown: string | null;
}

/** Telling the provider about deployments, so that its own pages show them. */
export interface AnnouncementCapabilities {
  announcements: {
    /** How the provider is called in “Tell …”; at most so many characters of description; by which credentials it takes checks. */
    traits: { to: string; descriptionLimit: number; commitStatus: boolean; checks: readonly Credential['kind'][] };
    methods: {
      /** The file that runs is the one at the newest commit of `ref`; what a record starts is read at the commit deployed. */
      obstacles(c: ProviderContext, config: TargetConfig, at: { sha: string; ref: string }): Promise<RecordObstacles>;
      /** The same for a mark at a commit, in either form. */
      markObstacles(c: ProviderContext, config: TargetConfig, as: MarkForm): Promise<RecordObstacles>;
      /** The record with this marker, whatever environment it was made for; null means "not listed now", which is not yet proof of absence. */
      find(c: ProviderContext, config: TargetConfig, wanted: WantedRecord): Promise<RecordRef | null>;
      /** Sends exactly one request. Throws `ProviderError`; `ambiguous` when the record may exist. */
      create(c: ProviderContext, config: TargetConfig, wanted: WantedRecord): Promise<RecordRef>;
      /** Moves the record's state. Said twice, it is the same. */
      say(c: ProviderContext, config: TargetConfig, record: RecordRef, said: Said): Promise<void>;
      /** The same at the commit, under a name; the newest word for a name counts. */
      mark(c: ProviderContext, config: TargetConfig, sha: string, name: string, said: Said): Promise<void>;
      /**
       * The same as a check, which is a deployment's own: it is looked for first and moved on, or a new one is made, so that
       * the newest of the name is this one. Throws `ProviderError`; `ambiguous` when it may be there.
       */
      check(c: ProviderContext, config: TargetConfig, wanted: WantedCheck, said: Said): Promise<void>;
    };
  };
}
