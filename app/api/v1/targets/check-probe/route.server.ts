import { queryRoute } from '@/lib/pipeline/define-query';
import { probeCheckQuery } from '@/lib/targets/queries';

export const GET = queryRoute(probeCheckQuery);
