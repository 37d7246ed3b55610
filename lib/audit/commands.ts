import 'server-only';
import { z } from 'zod';
import { defineCommand } from '@/lib/pipeline/define-command';
import { verifyAudit } from './server';

/** Reads the whole log, so few may do it at once; what it finds is a line of the log. */
export const verifyAuditCommand = defineCommand({
  name: 'audit.verify',
  permission: 'audit.read',
  input: z.strictObject({}),
  resourceOf: () => ({ kind: 'audit', id: null }),
  environmentOf: async () => null,
  rate: { perMinute: 6 },
  run: (ctx, input) => verifyAudit(ctx, input),
});
