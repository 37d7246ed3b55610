import type { ProviderContext, TargetConfig } from './context';
import type { HostedAddress, Offer, Preview, Serving } from './hosting-terms';
import type { RemoteRef } from './terms';

/** How a host serves what it has built, and how that is changed without building again. */
export interface HostingCapabilities {
  domains: {
    traits: { of: 'project' };
    methods: {
      /** Every address of the target's project, and the build that each leads to; null where this target is not served there. */
      read(c: ProviderContext, config: TargetConfig): Promise<HostedAddress[] | null>;
    };
  };
  promote: {
    /**
     * `back`: what going back does to later builds: they wait until a promotion (`holds`), or go live as before (`plain`).
     * `when`: the setting of a target that is true where it has addresses of its own; elsewhere nothing can be served again.
     * Left out where every target has them. `variables`: `now` where what is served again is started with the variables of
     * now; left out where it has those that it was built with.
     */
    traits: { back: 'holds' | 'plain'; when?: string; variables?: 'now' };
    methods: {
      /**
       * Whether an existing build can be served on the target's addresses as it is; costs reads only. Left out where every build
       * that the target's connection knows can be.
       */
      offer?(c: ProviderContext, config: TargetConfig, ref: RemoteRef): Promise<Offer>;
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
  previews: {
    /** Whether it takes a picture of what it has built. */
    traits: { screenshot: boolean };
    methods: {
      /** Where one build can be looked at, whatever is live. */
      read(c: ProviderContext, config: TargetConfig, ref: RemoteRef): Promise<Preview>;
    };
  };
}
