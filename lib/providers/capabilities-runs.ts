import type { Secret } from '@/lib/kernel/secret';
import type { ProviderContext, TargetConfig } from './context';
import type {
  DeployRequest,
  LiveNow,
  LogChunk,
  Observation,
  PlaceWordsOf,
  RemoteRef,
  Revision,
  WebhookHint,
} from './terms';

/** How a deployment is started, watched, stopped and found to be live. */
export interface RunCapabilities {
  deploy: {
    /**
     * `revision`, where no form says how a commit is named: exactly the one it is told, or the newest of its branch.
     * `place`: a target's settings that name what serves one release at a time, so that each component and environment has its
     * own. The last of `settings` is its name; `account`, left empty, is that of the connection's credential; `when`: only with
     * this setting, as `word` says it, is it more than a preview, which any number of targets share; `branch`: a preview is
     * served at its branch's address, and this setting names the target's own. `anyCase`: capitals in names do not matter.
     */
    traits: {
      idempotency: 'native' | 'lookup' | 'none';
      revision?: 'commit' | 'head';
      place?: {
        settings: readonly string[];
        word: string;
        account?: string;
        when?: { setting: string; word: string };
        branch?: string;
        anyCase?: true;
      };
    };
    methods: {
      /** Sends exactly one mutating request. Throws `ProviderError`; `ambiguous` when the run may exist. */
      trigger(c: ProviderContext, config: TargetConfig, request: DeployRequest): Promise<RemoteRef | null>;
      /** What of these settings `trigger` would refuse; sends nothing that changes anything. Left out where a form says it. */
      check?(c: ProviderContext, config: TargetConfig, revision: Revision): Promise<void>;
      /** Looks a run up by our marker; null means "not listed now", which is not yet proof of absence. */
      findByMarker(
        c: ProviderContext,
        config: TargetConfig,
        marker: string,
        sinceMs: number,
      ): Promise<RemoteRef | null>;
    };
  };
  status: {
    traits: { via: ('webhook' | 'poll')[]; minPollSeconds: number };
    /** An attempt that the provider does not list (yet) is answered with the lower number that it does list: never taken for started. */
    methods: { observe(c: ProviderContext, config: TargetConfig, ref: RemoteRef): Promise<Observation> };
  };
  cancel: {
    traits: { until: 'queued' | 'building' | 'deploying' };
    methods: { cancel(c: ProviderContext, config: TargetConfig, ref: RemoteRef): Promise<void> };
  };
  retry: {
    traits: { scope: 'failed-jobs' };
    /** Returns the reference of the new attempt. */
    methods: { retry(c: ProviderContext, config: TargetConfig, ref: RemoteRef): Promise<RemoteRef> };
  };
  logs: {
    traits: { mode: 'stream' | 'poll' | 'archive'; retentionDays: number | null };
    methods: {
      read(c: ProviderContext, config: TargetConfig, jobId: string, cursor: string | null): Promise<LogChunk>;
    };
  };
  rollback: {
    traits: { how: 'repoint' | 'redeploy' | 'previous-release' };
    methods: Record<never, never>;
  };
  live: {
    /** `last-run`: what the newest finished run put there; `release`: what the provider serves. */
    traits: { by: 'last-run' | 'release' };
    /**
     * What is live now, whoever put it there; null when the provider cannot say. `places`: what environments are called, so
     * that a run that names another one is not taken for this target's.
     */
    methods: { read(c: ProviderContext, config: TargetConfig, places?: PlaceWordsOf): Promise<LiveNow | null> };
  };
  webhooks: {
    traits: { signature: 'hmac-sha256' | 'hmac-sha1' | 'jws' | 'token'; signatureHeader: string };
    methods: {
      authenticate(raw: Uint8Array, headers: Headers, secrets: Secret[]): Promise<boolean>;
      parse(raw: Uint8Array, headers: Headers): WebhookHint;
    };
  };
}
