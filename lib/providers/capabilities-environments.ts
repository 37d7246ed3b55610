import type { ProviderContext, TargetConfig } from './context';
import type { EnvironmentReading, GateAnswer, GateReview, WaitingGate } from './environment-terms';
import type { RemoteRef } from './terms';

/** The provider's own environments, and the gates at which it holds a run for people. */
export interface EnvironmentCapabilities {
  environments: {
    traits: { docsUrl: string };
    methods: {
      /** Rules of the repository's environments, and which of them a run of this ref would have. Costs a few reads. */
      read(c: ProviderContext, config: TargetConfig, ref: string): Promise<EnvironmentReading>;
      /** Whether nobody may say yes there for a run that they started. Throws `notFound` where that is not shown. One read. */
      preventsSelfReview(c: ProviderContext, config: TargetConfig, name: string): Promise<boolean>;
    };
  };
  gates: {
    traits: {
      /** After so many days without an answer the provider fails the run. */
      endsAfterDays: number;
      /** What a person's own token has to be able to, in the provider's words; where one is made. */
      token: { needs: string; url: string };
    };
    methods: {
      /** The gates before which the run stands now. Throws `notFound` when the run is gone. */
      waiting(c: ProviderContext, config: TargetConfig, ref: RemoteRef): Promise<WaitingGate[]>;
      /** Every answer that the run was given, in the provider's order. */
      answers(c: ProviderContext, config: TargetConfig, ref: RemoteRef): Promise<GateAnswer[]>;
      /**
       * Sends exactly one mutating request, as the person whose token `c` holds. Throws `ProviderError`; `ambiguous` when the
       * answer may have been taken.
       */
      answer(c: ProviderContext, config: TargetConfig, ref: RemoteRef, review: GateReview): Promise<void>;
    };
  };
}
