import { queryRoute } from '@/lib/pipeline/define-query';
import { estateProgressQuery } from '@/lib/targets/queries';

export const GET = queryRoute(estateProgressQuery);
