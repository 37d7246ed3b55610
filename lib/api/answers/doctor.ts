import { z } from 'zod';
import { MENDS, SEVERITIES } from '@/lib/doctor/model/view';
import { because, health, id, moment } from './basics';
import { quota } from './estate';

const finding = z.object({
  code: z.string(),
  severity: z.enum(SEVERITIES),
  sentence: z.string(),
  mend: z.object({ kind: z.enum(MENDS), label: z.string(), to: z.string() }),
});

export const Doctor = z.object({
  at: moment,
  counts: z.record(z.enum(SEVERITIES), z.number()),
  connections: z.array(
    z.object({
      id,
      name: z.string(),
      provider: z.object({ id, label: z.string() }),
      state: health,
      account: because,
      checkedAt: moment.nullable(),
      expiresAt: because,
      scopes: z.array(z.string()),
      quotas: z.array(quota),
      webhook: z.object({
        supported: z.boolean(),
        configured: z.boolean(),
        lastReceivedAt: moment.nullable(),
        lastFailedAt: moment.nullable(),
      }),
      uses: z.number(),
      findings: z.array(finding),
    }),
  ),
  subscriptions: z.array(finding).nullable(),
});
