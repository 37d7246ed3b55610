import type { ProviderContext, TargetConfig } from './context';
import type { HostedAddress, Serving } from './hosting-terms';
import type { RemoteRef } from './terms';

/** How a host serves what it has built, and how that is changed without building again. */
export interface HostingCapabilities {
  domains: {
    traits: { of: 'project' };
    methods: {
      /** Every address of the target's project, and the build that each leads to. */
      read(c: ProviderContext, config: TargetConfig): Promise<HostedAddress[]>;
    };
  };
  promote: {
    /** What going back does to later builds: they wait until a promotion (`holds`), or go live as before (`plain`). */
    traits: { back: 'holds' | 'plain' };
    methods: {
      /**
       * Serves an existing production build on the target's addresses. Exactly one mutating request; asking twice for the same
       * build changes nothing more. It may go on after the answer: `serving` tells. Throws `ProviderError`.
       */
      promote(c: ProviderContext, config: TargetConfig, ref: RemoteRef): Promise<void>;
      /** The same for going back to an earlier build. */
      restore(c: ProviderContext, config: TargetConfig, ref: RemoteRef): Promise<void>;
      serving(c: ProviderContext, config: TargetConfig): Promise<Serving>;
    };
  };
}
