import { z } from 'zod';
import { id, moment, Refusal } from './basics';

export const told = z.object({
  to: z.string(),
  tone: z.enum(['good', 'neutral', 'warn']),
  sentence: z.string(),
  url: z.string().nullable(),
  at: moment.nullable(),
});

const live = z.object({
  component: z.string(),
  environment: z.string(),
  label: z.string(),
  isProduction: z.boolean(),
  deploymentId: id,
  number: z.number(),
  sha: z.string(),
  version: z.string(),
});

const release = z.object({
  id: z.string(),
  tag: z.string(),
  sha: z.string().nullable(),
  name: z.string(),
  notes: z.string(),
  draft: z.boolean(),
  preRelease: z.boolean(),
  immutable: z.boolean(),
  author: z.string(),
  at: moment,
  url: z.string(),
  assets: z.array(
    z.object({
      name: z.string(),
      size: z.number(),
      downloads: z.number(),
      digest: z.string().nullable(),
      url: z.string(),
    }),
  ),
  live: z.array(live),
});

export const ReleaseList = z.object({
  repositories: z.array(
    z.object({
      connectionId: id,
      connectionName: z.string(),
      repository: z.string(),
      components: z.array(z.object({ slug: z.string(), name: z.string() })),
      releases: z.array(release),
      tags: z.array(z.object({ name: z.string(), sha: z.string() })),
      live: z.array(live),
      can: z.object({ generatedNotes: z.boolean(), latest: z.boolean(), drafts: z.boolean() }),
      problem: Refusal.nullable(),
    }),
  ),
  left: z.array(z.string()),
  changeRefusal: z.string().nullable(),
});
export const MadeRelease = z.object({ tag: z.string(), url: z.string(), draft: z.boolean(), made: z.boolean() });
export const MadeTag = z.object({ tag: z.string(), sha: z.string(), made: z.boolean() });
export const ReleaseNotes = z.object({ name: z.string(), body: z.string() });
