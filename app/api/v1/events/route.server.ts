import { readOnly } from '@/lib/api/api-route';

export { liveEvents as GET } from '@/lib/api/events';
export const { POST, PUT, PATCH, DELETE } = readOnly();
