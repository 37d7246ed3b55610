import { apiRoute } from '@/lib/api/api-route';

/** Whatever no folder answers, /api/v1 itself too: problem details, never a page. */
export const { GET, POST, PUT, PATCH, DELETE } = apiRoute('(anything else)');
