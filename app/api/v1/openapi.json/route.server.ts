import { readOnly } from '@/lib/api/api-route';

export { serveDocument as GET } from '@/lib/api/serve-document';
export const { POST, PUT, PATCH, DELETE } = readOnly();
