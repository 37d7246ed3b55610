import type { ProviderContext, TargetConfig } from './context';
import type { VitalsReading } from './vitals-terms';

/** Core Web Vitals, where a host measures them in the browsers of those who visit. */
export interface VitalsCapabilities {
  vitals: {
    traits: {
      /** What the host calls the measuring: `Speed Insights`. */
      by: string;
      /** How many days back from now are taken together. */
      days: number;
    };
    methods: {
      /** Of the last days, for what this target is. Costs a few requests: whoever asks keeps the answer. Throws `ProviderError`. */
      read(c: ProviderContext, config: TargetConfig): Promise<VitalsReading>;
    };
  };
}
