import { auditStatusQuery } from '@/lib/audit/queries';
import { queryRoute } from '@/lib/pipeline/define-query';

export const GET = queryRoute(auditStatusQuery);
