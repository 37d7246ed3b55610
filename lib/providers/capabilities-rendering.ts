import type { RenderingMode } from '../rendering/model/mode';
import type { ProviderContext, TargetConfig } from './context';

/** What a host builds a target as, as it is set there now. */
export interface RenderingSetting {
  /** Null: it is not set, or set to something that is neither. */
  mode: RenderingMode | null;
  /** The vendor's own words for what is there, for people; never a secret. */
  raw: string;
  /** Where it is set, in the middle of a sentence: `the variable AETHERSTACK_RENDERING for production`. */
  where: string;
  /** The page at the vendor on which a person sees it; null when there is none. */
  url: string | null;
  /** Why `write` or a start would be refused, with what to do; null when it would not. */
  obstacle: { code: string; sentence: string } | null;
  /** The target's own settings decide it, so that a start in another mode than `mode` is refused. */
  isFixed?: boolean | undefined;
  /**
   * Where this target's builds go serves less than the provider in general; left out where it does not. `basePath`: the site
   * lies below it, empty for none, null where that is not known.
   */
  serves?: { modes: readonly RenderingMode[]; sentence: string; basePath: string | null } | undefined;
  /** The repository's folder that its builds begin in, empty for the top; left out where the host does not tell. */
  folder?: string | undefined;
  /** What else is built so once it is written, as a sentence; left out where nothing is. */
  reaches?: string | undefined;
}

/** Whether a web dashboard is rendered on a server or exported: where a host reads it, and how it is told. */
export interface RenderingCapabilities {
  rendering: {
    traits: {
      /** What can be served there at all. */
      modes: readonly RenderingMode[];
      /**
       * `input`: the start carries it as the form's field `name`. `variable`, `build-setting`: it is written at the host, by
       * `write`, before each start. `request`: `DeployRequest.rendering` is all that is needed. `fixed`: there is one mode only.
       */
      writes: 'input' | 'variable' | 'build-setting' | 'request' | 'fixed';
      /** Of the input, variable or setting; empty for `request` and `fixed`. */
      name: string;
      /** It resizes the images of an exported site as a server would. */
      resizesImages?: boolean;
    };
    methods: {
      /** What the host is set to for this target's own environment; `ref` is the branch or tag that would be built. */
      read(c: ProviderContext, config: TargetConfig, ref: string): Promise<RenderingSetting>;
      /**
       * Sets it for this target's own environment and reads it back; written twice it is the same, and nothing is sent where it
       * is so already. Needed for `variable` and `build-setting`. Throws `ProviderError`; nothing is built by it.
       */
      write?(
        c: ProviderContext,
        config: TargetConfig,
        ref: string,
        mode: RenderingMode,
      ): Promise<'written' | 'unchanged'>;
    };
  };
}
