import type {
  ConfigurationEntry,
  ConfigurationReads,
  ConfigurationTraits,
  SettingName,
  Taken,
  WantedSetting,
} from './configuration-terms';
import type { ProviderContext, TargetConfig } from './context';

/** Secrets and variables where a provider keeps them. */
export interface ConfigurationCapabilities {
  configuration: {
    traits: ConfigurationTraits;
    methods: {
      /**
       * `environment` is our word for where the target is, for a provider whose settings name none. `isRuntime`: something
       * else builds and deploys it, so what only the provider's own builds read is no place of it.
       */
      reads(
        c: ProviderContext,
        config: TargetConfig,
        environment: string,
        isRuntime?: boolean,
      ): Promise<ConfigurationReads>;
      /** Everything in one place, by kind and name. */
      list(c: ProviderContext, place: string): Promise<ConfigurationEntry[]>;
      /**
       * Creates or replaces one, whichever is needed. Throws `ProviderError`; `ambiguous` when it may be written although
       * no answer came, which writing it once more mends.
       */
      write(
        c: ProviderContext,
        place: string,
        setting: WantedSetting,
      ): Promise<'created' | 'replaced' | Taken<'created' | 'replaced'>>;
      /** `absent`: it was not there any more. */
      remove(c: ProviderContext, place: string, setting: SettingName): Promise<'removed' | 'absent' | Taken<'removed'>>;
    };
  };
}
