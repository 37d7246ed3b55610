import { workflowListQuery } from '@/lib/connections/queries';
import { queryRoute } from '@/lib/pipeline/define-query';

export const GET = queryRoute(workflowListQuery);
