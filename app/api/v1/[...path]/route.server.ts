import { apiRoute } from '@/lib/api/api-route';

/** Whatever no folder answers: problem details, never a page. */
export const { GET, POST, PUT, PATCH, DELETE } = apiRoute('(anything else)');
