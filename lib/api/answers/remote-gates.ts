import { z } from 'zod';
import { because, moment, Refusal } from './basics';

const reviewer = z.object({ kind: z.enum(['person', 'team']), name: z.string() });

export const RemoteGate = z.object({
  held: z
    .object({
      providerLabel: z.string(),
      since: moment,
      until: moment.nullable(),
      gates: z.array(
        z.object({
          id: z.string(),
          environment: z.string(),
          url: z.string(),
          reviewers: z.array(reviewer),
          waitMinutes: z.number(),
          timerSince: z.string().nullable(),
        }),
      ),
      own: z.object({ login: z.string(), problem: because }).nullable(),
      refusal: Refusal.nullable(),
      notApproved: Refusal.nullable(),
    })
    .nullable(),
});

export const RemoteRules = z.object({
  providerLabel: z.string(),
  connectionName: z.string(),
  own: z.object({ login: z.string(), problem: because }).nullable(),
  notice: because,
  environments: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      reviewers: z.array(reviewer),
      preventSelfReview: z.boolean(),
      waitMinutes: z.number(),
      refs: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('any') }),
        z.object({ kind: z.literal('protected') }),
        z.object({
          kind: z.literal('patterns'),
          patterns: z.array(z.object({ name: z.string(), type: z.enum(['branch', 'tag']) })),
        }),
      ]),
      apps: z.array(z.string()),
      adminsBypass: z.boolean().nullable(),
    }),
  ),
  uses: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('named'), name: z.string() }),
      z.object({ kind: z.literal('input'), input: z.string(), otherwise: z.string().nullable() }),
      z.object({ kind: z.literal('unclear'), text: z.string() }),
    ]),
  ),
});
