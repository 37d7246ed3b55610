import { z } from 'zod';
import { ROUTE_KINDS } from '@/lib/rendering/model/build-record';
import { RENDERING_MODES } from '@/lib/rendering/model/mode';
import { because, id, moment, placed, Revision, slugAndName } from './basics';

const mode = z.enum(RENDERING_MODES);
const kind = z.enum(ROUTE_KINDS);
export const Finding = z.object({
  code: z.string(),
  sentence: z.string(),
  where: because,
  line: z.number().nullable(),
  mend: because,
});
const place = { label: z.string(), component: slugAndName, environment: placed };

export const Preflight = z.object({
  target: z.object({ id, ...place }),
  host: z.string(),
  atHost: because,
  from: mode.nullable(),
  mode,
  revision: Revision.nullable(),
  blockers: z.array(Finding),
  warnings: z.array(Finding),
  routes: z
    .object({
      gained: z.array(z.string()),
      lost: z.array(z.string()),
      changed: z.array(z.object({ path: z.string(), from: kind, to: kind })),
    })
    .nullable(),
  routesFrom: z
    .union([z.object({ kind: z.literal('record'), address: z.string() }), z.object({ kind: z.literal('sources') })])
    .nullable(),
  variables: z.array(z.object({ name: z.string(), from: mode.nullable(), to: mode })),
  sources: z.object({ folder: z.string(), files: z.number(), bytes: z.number() }).nullable(),
  digest: z.string(),
});

export const PreflightCounts = z.object({
  rows: z.array(
    z.object({
      ...{ targetId: id, mode, blockers: z.number(), warnings: z.number(), atHost: because },
      routes: z.object({ lost: z.number(), gained: z.number(), changed: z.number() }).nullable(),
    }),
  ),
});

export const Rendering = z.object({
  rows: z.array(
    z.object({
      targetId: id,
      ...place,
      mode: mode.nullable(),
      modes: z.array(mode),
      host: z.object({ label: z.string(), connectionId: id, connectionName: z.string() }),
      address: because,
      live: z
        .object({
          deploymentId: id,
          number: z.number(),
          sha: z.string(),
          ref: z.string(),
          at: moment.nullable(),
          shown: mode.nullable(),
          proof: because,
        })
        .nullable(),
      underWay: z.object({ deploymentId: id, number: z.number(), mode: mode.nullable() }).nullable(),
      drift: z.object({ since: moment, sentence: z.string() }).nullable(),
      baked: z.array(z.string()).nullable(),
      refusal: because,
    }),
  ),
});
