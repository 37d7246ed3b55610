import { apiRoute } from '@/lib/api/api-route';

export const { GET, POST, PUT, PATCH, DELETE } = apiRoute('/deployments/{deploymentId}/stop-waiting');
