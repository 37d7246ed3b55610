import { z } from 'zod';
import { slug } from '@/lib/components/model/schemas';
import type { Refusal } from '@/lib/kernel/errors';
import type { Need } from './blueprint';
import type { FileComparison } from './compare';
import type { BlueprintInput } from './settings';

/** Settings as JSON text: a read has its input in the address. */
const settings = z.string().max(6_000, 'These settings are too long to be sent.');
const connectionId = z.string().min(1).max(60);
const repository = z.string().min(3).max(140);

export const readSetupInput = z.strictObject({
  slug,
  /** Left out: the first repository that a target of the component names. */
  repository: repository.optional(),
  /** Left out: those that the repository keeps, or else where one would begin. */
  settings: settings.optional(),
});
export type ReadSetupInput = z.output<typeof readSetupInput>;

export const setUpInput = z.strictObject({
  slug,
  connectionId,
  repository,
  settings,
  /** The digest of what was shown. */
  shown: z.string().regex(/^[0-9a-f]{64}$/),
  /** The files to write, out of those that were shown. */
  paths: z.array(z.string().min(1).max(300)).min(1, 'Choose at least one file.').max(60),
});
export type SetUpInput = z.output<typeof setUpInput>;

export interface SetupPlace {
  connectionId: string;
  connectionName: string;
  repository: string;
}

/** What is in a repository, and what it should have. */
export interface Inspection {
  /** The branch that it would be merged into, and the commit that was looked at. */
  base: string;
  at: string;
  /** The proposal that is open already; it is the one that gets the files then. */
  open: { url: string; branch: string } | null;
  files: FileComparison[];
  needs: Need[];
  shown: string;
  /** What the provider calls it, such as “pull request”. */
  word: string;
}

export interface SetupView {
  component: { slug: string; name: string };
  places: SetupPlace[];
  place: SetupPlace | null;
  /** JSON, to be changed by people. */
  settings: string;
  /** `repository`: they are kept there. `person`: they were given. `start`: nobody has chosen yet. */
  settingsFrom: 'repository' | 'person' | 'start';
  inspection: Inspection | null;
  problem: Refusal | null;
}

/** What is written without anybody having to say so: nothing of anybody's is lost by it. */
export function safeToWrite({ state }: FileComparison): boolean {
  return state === 'missing' || state === 'older';
}

interface Start {
  slug: string;
  name: string;
  kind: 'backend' | 'extension' | 'dashboard' | 'docs';
  paths: readonly string[];
  repository: string;
  environments: readonly string[];
}

/** Where one begins: what is known of the component, and otherwise the plainest choice. */
export function startingSettings({
  slug: name,
  name: title,
  kind,
  paths,
  repository: at,
  environments,
}: Start): BlueprintInput {
  const [owner = ''] = at.toLowerCase().split('/');
  const shared = { name, repository: at, ...(paths[0] && { directory: paths[0].replace(/\/$/, '') }) };
  const named = environments.length > 0 ? { environments: [...environments] } : {};
  switch (kind) {
    case 'backend': {
      const registry = { type: 'ghcr', image: `${owner}/${name}` } as const;
      return { kind, ...shared, ...named, registry, platform: { type: 'none' } };
    }
    case 'docs':
      return { kind, ...shared, siteName: title.replace(/[^\p{L}\p{N} ._-]/gu, ' ').trim() || name };
    default:
      return { kind, ...shared, ...named };
  }
}
