import 'server-only';
import { z } from 'zod';
import { personId } from '@/lib/auth/actor';
import { defineQuery } from '@/lib/pipeline/define-query';
import { requireToken } from '@/lib/pipeline/rate-limit';
import { auditExportInput, auditFilters } from './model/view';
import { exportAudit, listAudit, readAuditStatus } from './server';

export const auditListQuery = defineQuery({
  name: 'audit.list',
  permission: 'audit.read',
  input: auditFilters,
  run: listAudit,
});

export const auditStatusQuery = defineQuery({
  name: 'audit.status',
  permission: 'audit.read',
  input: z.strictObject({}),
  run: (ctx, input) => readAuditStatus(ctx, input),
});

const FIVE_PER_HOUR = { capacity: 5, perMs: 3_600_000 };

export const auditExportQuery = defineQuery({
  name: 'audit.export',
  permission: 'audit.export',
  input: auditExportInput,
  run: async (ctx, input) => {
    await requireToken(ctx.db, `audit.export:${personId(ctx.actor) ?? ctx.actor.kind}`, FIVE_PER_HOUR);
    return await exportAudit(ctx, input);
  },
});
