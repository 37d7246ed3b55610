import 'server-only';
import { defineQuery } from '@/lib/pipeline/define-query';
import { auditFilters } from './model/view';
import { listAudit } from './server';

export const auditListQuery = defineQuery({
  name: 'audit.list',
  permission: 'audit.read',
  input: auditFilters,
  run: listAudit,
});
