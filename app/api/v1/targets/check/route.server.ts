import { queryRoute } from '@/lib/pipeline/define-query';
import { targetCheckQuery } from '@/lib/targets/queries';

export const GET = queryRoute(targetCheckQuery);
