import type { ProviderContext, TargetConfig } from './context';
import type { Capacity, RunWait, ServiceStatus } from './standing-terms';
import type { RemoteRef } from './terms';

/** What explains a wait: runners, queues, and the provider's own trouble. */
export interface StandingCapabilities {
  capacity: {
    /** `ownRunners`: what runners of one's own are called there. */
    traits: { ownRunners: string };
    methods: {
      read(c: ProviderContext, repository: string): Promise<Capacity>;
      /** What the provider does not tell (an older server, a right that is missing) is left out. */
      waits(c: ProviderContext, config: TargetConfig, ref: RemoteRef): Promise<RunWait>;
    };
  };
  serviceStatus: {
    /** `url` is public and is asked without a credential; `origins` are the API origins that it speaks of. */
    traits: { page: string; url: string; origins: readonly string[]; parts: readonly string[] };
    methods: {
      /** What the page answered, read; asks nobody. Throws `ProviderError` protocol for anything else. */
      parse(text: string): ServiceStatus;
    };
  };
}
