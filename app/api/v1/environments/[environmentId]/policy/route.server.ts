import { policyQuery } from '@/lib/gates/queries';
import { queryRoute } from '@/lib/pipeline/define-query';

export const GET = queryRoute(policyQuery);
