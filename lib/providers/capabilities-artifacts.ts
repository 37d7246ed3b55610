import type { ProviderContext, TargetConfig } from './context';
import type { RemoteRef } from './terms';

/** Files that a run has kept, as one archive. */
export interface RunArtifact {
  id: string;
  name: string;
  /** Of the archive. */
  bytes: number;
  /** SHA-256 of the archive in hex, as the provider has it; null where it does not say. */
  sha256: string | null;
  /** The provider has thrown it away. */
  expired: boolean;
}

/** What a run has built and left with the provider. */
export interface ArtifactCapabilities {
  artifacts: {
    /** How long they are kept when nobody says otherwise. */
    traits: { keptDays: number };
    methods: {
      /** Of the whole run, whatever the attempt; of each name the newest only. At most 300. */
      list(c: ProviderContext, config: TargetConfig, ref: RemoteRef): Promise<RunArtifact[]>;
      /**
       * The archive as it is, unread: whoever asks compares its digest. Throws `ProviderError`; `too_large` beyond
       * `maxBytes`, `gone` when it is not kept any more. The store that it comes from never sees the credential.
       */
      download(c: ProviderContext, config: TargetConfig, artifactId: string, maxBytes: number): Promise<Uint8Array>;
    };
  };
}
