import { rollBackPlanQuery } from '@/lib/deployments/queries';
import { queryRoute } from '@/lib/pipeline/define-query';

export const GET = queryRoute(rollBackPlanQuery);
