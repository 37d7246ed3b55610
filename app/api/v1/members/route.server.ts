import { memberListQuery } from '@/lib/members/queries';
import { queryRoute } from '@/lib/pipeline/define-query';

export const GET = queryRoute(memberListQuery);
