import type { ProviderContext, TargetConfig } from './context';
import type { Publication, ServedBranch, Site, SiteSource, WantedSite } from './site-terms';
import type { RemoteRef } from './terms';

/** The site that a repository is served as. */
export interface SiteCapabilities {
  site: {
    /** `word`: what people call it there. `once`: one result is kept for each publication, however often it is tried. */
    traits: { word: string; once: boolean };
    methods: {
      /** Null: the repository is not served. */
      read(c: ProviderContext, repository: string): Promise<Site | null>;
      /** Sets who builds it; the first time, has it served at all. Sends exactly one mutating request. */
      change(c: ProviderContext, repository: string, wanted: WantedSite): Promise<void>;
      /** Null: there is no such branch. Reads in the folder that is served, as `Site.source` names it. */
      served(c: ProviderContext, repository: string, source: SiteSource): Promise<ServedBranch | null>;
      /** Null: the run has handed nothing over. */
      publication(c: ProviderContext, config: TargetConfig, ref: RemoteRef): Promise<Publication | null>;
    };
  };
}
