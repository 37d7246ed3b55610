import type { Telling } from '@/lib/announcements/model/telling';
import type { Refusal } from '@/lib/kernel/errors';
import type { DeployForm, Revision } from '@/lib/providers/port';
import type { ComponentSummary } from '../../components/model/view';
import type { EnvironmentSummary } from '../../environments/model/view';
import type { Probe } from './probe';

export interface TargetSummary {
  id: string;
  label: string;
  version: number;
  component: { id: string; slug: string; name: string };
  environment: { id: string; slug: string; name: string; isProduction: boolean };
  connection: { id: string; name: string; providerId: string };
  /** As the provider's `targetConfig` has it; never a secret. */
  config: Record<string, unknown>;
  probe: Probe | null;
  /** What the provider is told about its deployments. */
  tell: Telling;
  /** Everybody may see, without signing in, what is live here. */
  isPublic: boolean;
  /** Where what runs there keeps its own settings; never a secret. */
  runtime: { connectionId: string; config: Record<string, unknown> } | null;
}

/** `refusal`: why the reader may not change it; null when they may. */
export type EstateEnvironment = EnvironmentSummary & { refusal: string | null };
/** `settings`: why the reader may not write the settings of what runs there; null when they may. */
export type EstateTarget = TargetSummary & { refusal: string | null; settings: string | null };

/** Everything that a team sets up before it deploys. */
export interface EstateView {
  environments: EstateEnvironment[];
  components: ComponentSummary[];
  targets: EstateTarget[];
  /** `use`: what the provider is for; a registry deploys nothing. */
  connections: {
    id: string;
    name: string;
    providerId: string;
    use: { deploys: boolean; images: boolean; runtime: boolean };
  }[];
  /** Why the reader may not add or change any; null when they may. */
  refusals: {
    components: string | null;
    environments: string | null;
    targets: string | null;
    /** To name a runtime, or to aim it elsewhere. */
    runtimes: string | null;
  };
}

/** How far a new installation has come. Counts are of everything, whoever reads. */
export interface EstateProgress {
  connections: number;
  environments: number;
  components: number;
  targets: number;
  /** Why the reader cannot take the next step; null when they can. */
  refusal: string | null;
}

/** What a change of one target did beside it: a repository that was renamed is renamed in all that name it. */
export interface TargetSaved {
  /** `name`: such as “Web to Production”. */
  alsoChanged: { id: string; name: string }[];
  /** So many more name the former one, in environments that the actor may not change. */
  notChanged: number;
}

/** What the provider says about settings before they are stored. */
export interface TargetCheck {
  /** Null when the ref could not be read. */
  revision: Revision | null;
  form: DeployForm | null;
  problem: Refusal | null;
  /** By setting, when the settings themselves are not well-formed. */
  fields: Record<string, string>;
}

/** What an address answers that is to say which version is live. */
export interface ProbeCheck {
  /** It can be used; whether the version is the wanted one is not asked here. */
  usable: boolean;
  sentence: string;
}
