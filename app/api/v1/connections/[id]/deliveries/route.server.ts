import { deliveryListQuery } from '@/lib/connections/queries';
import { queryRoute } from '@/lib/pipeline/define-query';

export const GET = queryRoute(deliveryListQuery, (request, { id }) => ({
  ...Object.fromEntries(new URL(request.url).searchParams),
  connectionId: id,
}));
