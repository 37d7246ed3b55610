import { z } from 'zod';
import { Refusal } from './basics';

const place = z.object({ connectionId: z.string(), connectionName: z.string(), repository: z.string() });
const file = z.object({
  path: z.string(),
  blueprint: z.string(),
  state: z.enum(['missing', 'same', 'older', 'edited', 'differs']),
  diff: z.string(),
  before: z.string().nullable(),
  after: z.string(),
});

export const Setup = z.object({
  component: z.object({ slug: z.string(), name: z.string() }),
  places: z.array(place),
  place: place.nullable(),
  settings: z.string(),
  wrong: z.record(z.string(), z.string()),
  settingsFrom: z.enum(['repository', 'person', 'start']),
  inspection: z
    .object({
      base: z.string(),
      at: z.string(),
      open: z.object({ url: z.string(), branch: z.string() }).nullable(),
      files: z.array(file),
      needs: z.array(z.object({ name: z.string(), kind: z.enum(['secret', 'variable', 'policy']), why: z.string() })),
      leftOver: z.array(z.string()),
      shown: z.string(),
      word: z.string(),
    })
    .nullable(),
  problem: Refusal.nullable(),
});
export const Proposed = z.object({ url: z.string(), updated: z.boolean() });
