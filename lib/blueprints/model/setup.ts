import { z } from 'zod';
import { slug } from '@/lib/components/model/schemas';
import type { Refusal } from '@/lib/kernel/errors';
import type { Need } from './blueprint';
import type { FileComparison } from './compare';
import type { BlueprintInput } from './settings';

const settings = (max: number) => z.string().max(max, 'These settings are too long to be sent.');
const connectionId = z.string().min(1).max(60);
const repository = z.string().min(3).max(140);

export const readSetupInput = z.strictObject({
  slug,
  /** Left out: the first repository that a target of the component names. */
  repository: repository.optional(),
  /** JSON, in an address. Left out: those that the repository keeps, or else where one would begin. */
  settings: settings(6_000).optional(),
});
export type ReadSetupInput = z.output<typeof readSetupInput>;

export const setUpInput = z.strictObject({
  slug,
  connectionId,
  repository,
  settings: settings(20_000),
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
  /** Made by earlier settings and there still; these settings do not call for them. Nobody deletes them but people. */
  leftOver: string[];
  shown: string;
  /** What the provider calls it, such as “pull request”. */
  word: string;
}

export interface SetupView {
  component: { slug: string; name: string };
  places: SetupPlace[];
  place: SetupPlace | null;
  /** JSON, to be changed by people; with every setting in it when they can be used. */
  settings: string;
  /** What is wrong with them: a sentence by the path of its field, and under `''` what belongs to none. */
  wrong: Record<string, string>;
  /** `repository`: they are kept there. `person`: they were given. `start`: nobody has chosen yet. */
  settingsFrom: 'repository' | 'person' | 'start';
  inspection: Inspection | null;
  problem: Refusal | null;
}

interface Start {
  slug: string;
  name: string;
  kind: 'backend' | 'extension' | 'dashboard' | 'docs';
  paths: readonly string[];
  repository: string;
  environments: readonly string[];
  production: string | null;
}

const MAX_ENVIRONMENTS = 20;

/** Of those that are known, as many as settings may have; the first production is always among them, as the last. */
export function chosenOf(known: readonly { slug: string; isProduction: boolean }[]): {
  environments: string[];
  production: string | null;
} {
  const production = known.find(({ isProduction }) => isProduction)?.slug ?? null;
  const others = known.map(({ slug }) => slug).filter((slug) => slug !== production);
  const last = production === null ? [] : [production];
  return { environments: [...others.slice(0, MAX_ENVIRONMENTS - last.length), ...last], production };
}

/** Where one begins: what is known of the component, and otherwise the plainest choice. */
export function startingSettings({
  slug: name,
  name: title,
  kind,
  paths,
  repository: at,
  environments,
  production,
}: Start): BlueprintInput {
  const [owner = ''] = at.toLowerCase().split('/');
  const shared = { name, repository: at, ...(paths[0] && { directory: paths[0].replace(/\/$/, '') }) };
  const named =
    environments.length > 0 ? { environments: [...environments], ...(production !== null && { production }) } : {};
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
