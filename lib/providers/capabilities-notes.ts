import type { RecordRef } from './capabilities-announcements';
import type { ScopeField } from './capabilities-health';
import type { ProviderContext } from './context';

/** One deployment that has gone live, as it is written down where the deployed thing is measured. */
export interface DeploymentNote {
  /** Ours alone, the same however often it is asked: what the note is found by. */
  marker: string;
  sha: string;
  environment: string;
  /** `#128: Backend to Production` */
  title: string;
  /** Names no person and no reason. */
  text: string;
  /** The deployment's page in this console; null when it has no address that others can open. */
  link: string | null;
  /** Epoch milliseconds. */
  startedAt: number;
  liveAt: number;
  /** What of the vendor's it belongs to, in the vendor's own words, placeholders filled in. */
  scope: string;
}

/** Writing down, where a deployed thing is measured, that another one is live: a line in the vendor's own charts. */
export interface NoteCapabilities {
  notes: {
    /** `to`: how the vendor is called; `writes`: what appears there, as a part of a sentence. */
    traits: { to: string; writes: string; scope: ScopeField };
    methods: {
      /** The note with this marker; null means "not listed now", which is not yet proof of absence. */
      find(c: ProviderContext, note: DeploymentNote): Promise<RecordRef | null>;
      /** The last request makes the note; what goes before may be said twice. Throws `ProviderError`, `ambiguous` when it may exist. */
      create(c: ProviderContext, note: DeploymentNote): Promise<RecordRef>;
      /** The vendor's own page that shows this span (epoch milliseconds); null where the scope names none. */
      page(c: Pick<ProviderContext, 'origin'>, scope: string, span: { from: number; to: number }): string | null;
    };
  };
}
