import type { CheckNames } from './check-terms';
import type { ProviderContext, TargetConfig } from './context';
import type { Image, TagPage } from './image-terms';
import type {
  Commit,
  Comparison,
  DecidingJobs,
  DeployForm,
  Effort,
  JobPlace,
  PartlySent,
  Proposal,
  ProposedState,
  Ref,
  Repository,
  Revision,
  SentWith,
  WantedProposal,
  WorkflowFile,
} from './terms';

/** What can be released, and how its repository is read and changed. */
export interface SourceCapabilities {
  source: {
    traits: { vcs: 'git' };
    methods: {
      repositories(c: ProviderContext): Promise<Repository[]>;
      /** What a repository is called now, `owner/name`; a former name leads to it. One request. */
      called?(c: ProviderContext, repository: string): Promise<string>;
      refs(c: ProviderContext, config: TargetConfig, query: string): Promise<Ref[]>;
      commits(c: ProviderContext, config: TargetConfig, ref: string, page: number): Promise<Commit[]>;
      /**
       * One commit by id. `message`: its check state is not wanted, so it may be `none` and cost no request. Names: only checks
       * that are called so count, and where one of them is not there, or was skipped, the state is no `success`.
       */
      commit(c: ProviderContext, config: TargetConfig, sha: string, asked?: CheckNames | 'message'): Promise<Commit>;
      resolve(c: ProviderContext, config: TargetConfig, ref: string): Promise<Revision>;
      /** `count`: the totals are all that is wanted, so the lists may be empty and it should cost one request. */
      compare(
        c: ProviderContext,
        config: TargetConfig,
        base: string,
        head: string,
        only?: 'count',
      ): Promise<Comparison>;
    };
  };
  workflows: {
    /** `example` is a whole file that has everything, to be copied. */
    traits: { maxInputs: number; maxPayloadCharacters: number; example?: string };
    methods: {
      list(c: ProviderContext, repository: string): Promise<WorkflowFile[]>;
      form(c: ProviderContext, config: TargetConfig, ref: string): Promise<DeployForm>;
      /** Where jobs run with these inputs, as far as that is worked out from them or the ref; asks nobody. */
      leadsTo?(form: DecidingJobs, sent: SentWith, effort?: Effort): JobPlace[];
      /** The places of jobs that come to one text by that alone, whoever decides it; asks nobody. */
      comesTo?(form: DecidingJobs, sent: PartlySent, effort: Effort): string[];
    };
  };
  images: {
    traits: { digests: 'sha256' };
    methods: {
      /** A page of a repository's tags, in the registry's own order. */
      tags(c: ProviderContext, repository: string, cursor: string | null): Promise<TagPage>;
      /** What a tag leads to now, or that a digest is still there. Costs one request and never a pull. */
      digest(c: ProviderContext, repository: string, reference: string): Promise<string>;
      /** `platform` (`linux/amd64`) is the one whose size and labels are read; the first where it is missing. */
      image(c: ProviderContext, repository: string, digest: string, platform: string | null): Promise<Image>;
      /** `host/repository@sha256:…`, asking nobody. */
      reference(c: ProviderContext, repository: string, digest: string): string;
    };
  };
  proposals: {
    /** What people call it there, such as “pull request”. */
    traits: { word: string };
    methods: {
      /** Files as they are in the open proposal of this name, or else on the default branch; null = not there. */
      read(c: ProviderContext, repository: string, name: string, paths: readonly string[]): Promise<ProposedState>;
      /** What the open proposal changes by now, and the given files as they are without it; null = not there. */
      changes(
        c: ProviderContext,
        repository: string,
        from: WantedProposal['from'],
        paths: readonly string[],
      ): Promise<{ changed: string[]; before: Record<string, string | null> }>;
      /** How the subject of a run's identity token begins, such as `repo:acme/stack`; null = not known, or made otherwise. */
      subject(c: ProviderContext, repository: string): Promise<string | null>;
      /** One commit on top of what was read, and a proposal for it: a new one, or one more commit in the open one. */
      propose(c: ProviderContext, repository: string, wanted: WantedProposal): Promise<Proposal>;
    };
  };
}
