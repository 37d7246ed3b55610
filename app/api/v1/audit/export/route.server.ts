import { auditExportQuery } from '@/lib/audit/queries';
import { fileRoute } from '@/lib/pipeline/define-query';

export const GET = fileRoute(auditExportQuery);
