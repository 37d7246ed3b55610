import type { ProviderContext, TargetConfig } from './context';
import type {
  ClientView,
  ExtensionVersion,
  InstallFigures,
  NamespaceStanding,
  PackageToPublish,
  Placed,
  PublishRun,
} from './publishing-terms';
import type { RemoteRef } from './terms';

type Extension = Pick<ExtensionVersion, 'publisher' | 'name'>;

/** How a gallery takes a package, what it does with it, and what a client then gets. */
export interface PublishingCapabilities {
  publish: {
    traits: {
      /** Who gets what is published there: everybody, for good; or whom this console lets in (`own`: its own gallery). */
      audience: 'public' | 'own';
      /** How long each state may last before it is said to be overdue. Minutes. */
      withinMinutes: { validating: number; scanning: number; active: number; quarantined: number };
      /** By when it is nearly always through with validating. Minutes; left out where `withinMinutes` is soon enough. */
      usuallyMinutes?: { validating: number };
      /**
       * In which words the steps and jobs of a run name this gallery, and the tool that publishes there. Small letters, without
       * spaces, hyphens and underscores.
       */
      inRuns: { gallery: readonly string[]; tool: string };
      /**
       * Settings of a target that name the connection whose workflow publishes (`through`), beside `repository` and `workflow`, and
       * the environment that it is told as `environment`. Left out where no workflow does.
       */
      byRun?: { connection: string; environment: string };
      /** What taking back can do there: by the API, or only by a person, told by `steps`. */
      recall: { version: 'unlist' | 'guide'; extension: 'unpublish' | 'guide'; steps: readonly string[] };
      /** Whether the publisher's name has to be made there first, and can be by the API. */
      namespaces: 'create' | 'guide';
      /** A sentence about the credential that everybody has to know; null = none. */
      notice: string | null;
      /** The setting of a target with which the notice does not hold: another way of publishing. */
      noticeUnless?: string;
      /** Under which names repositories keep its token, as its own tools read it. */
      secrets?: readonly string[];
      /** Its stored token ends for everybody. */
      retires?: {
        /**
         * The first day without it, in UTC: `2026-12-01`. A check that works tells it as the token's end before that day, and none
         * from it on: what is taken then is of another kind.
         */
        on: string;
        what: string;
        /** How a person gets to the way that stays, in their order. */
        steps: readonly string[];
        /** Settings of the extension's blueprint that publish without it. */
        blueprint: Readonly<Record<string, string>>;
      };
    };
    methods: {
      /**
       * Exactly one mutating request. A version is taken once: what is there already is refused as `already_there`. Throws
       * `ProviderError`; `ambiguous` when the version may have been taken all the same.
       */
      send(c: ProviderContext, config: TargetConfig, wanted: PackageToPublish): Promise<RemoteRef>;
      /** Where the target's settings name a workflow that publishes in the place of `send`. Pure; null = `send` does. */
      through?(config: TargetConfig, wanted: Omit<PackageToPublish, 'bytes' | 'requestedBy'>): PublishRun | null;
      /** What the place says of this version; costs reads only. */
      look(c: ProviderContext, config: TargetConfig, wanted: ExtensionVersion): Promise<Placed>;
      /** What everybody sees of it, for where the credential is refused. Left out where `look` asks without it. */
      lookAsClient?(c: ProviderContext, config: TargetConfig, wanted: ExtensionVersion): Promise<Placed>;
      /** Asks as a VS Code client does, and fetches the package; the credential is not shown. */
      asClient(c: ProviderContext, config: TargetConfig, wanted: ExtensionVersion): Promise<ClientView>;
      /** Whose the publisher's name is. Left out where the place cannot say. */
      namespace?(c: ProviderContext, publisher: string): Promise<NamespaceStanding>;
      createNamespace?(c: ProviderContext, publisher: string): Promise<void>;
      /** Takes one version away from new installs. Only where `recall.version` is `unlist`. */
      unlist?(c: ProviderContext, config: TargetConfig, wanted: ExtensionVersion, reason: string): Promise<void>;
      /** Takes the whole extension away, all versions. Only where `recall.extension` is `unpublish`. */
      unpublish?(c: ProviderContext, config: TargetConfig, extension: Extension): Promise<void>;
      /** Whether this connection's credential can `unpublish`. Pure; left out where each can. */
      mayUnpublish?(c: Pick<ProviderContext, 'credential'>): boolean;
      /** As the place counts now; null = it does not know the extension. */
      installs?(c: ProviderContext, config: TargetConfig, extension: Extension): Promise<InstallFigures | null>;
    };
  };
}
