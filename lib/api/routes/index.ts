import type { ApiRoute } from '../route';
import { CONFIGURATION_ROUTES } from './configuration';
import { CONNECTION_ROUTES } from './connections';
import { DEPLOYMENT_ROUTES } from './deployments';
import { ESTATE_ROUTES, HOLD_ROUTES, PEOPLE_ROUTES } from './estate';
import { EXTENSION_ROUTES } from './extensions';
import { GALLERY_ROUTES } from './gallery';
import { NOTIFICATION_ROUTES } from './notifications';
import { OBSERVABILITY_ROUTES } from './observability';
import { PUBLICATION_ROUTES } from './publications';
import { RELEASE_ROUTES } from './releases';
import { RENDERING_ROUTES } from './rendering';
import { STATUS_ROUTES } from './status';

/** Everything under /api/v1. The handlers, the OpenAPI document and the test of the folders are made from it. */
export const ROUTES: readonly ApiRoute[] = [
  ...DEPLOYMENT_ROUTES,
  ...HOLD_ROUTES,
  ...ESTATE_ROUTES,
  ...CONFIGURATION_ROUTES,
  ...CONNECTION_ROUTES,
  ...RELEASE_ROUTES,
  ...GALLERY_ROUTES,
  ...OBSERVABILITY_ROUTES,
  ...RENDERING_ROUTES,
  ...EXTENSION_ROUTES,
  ...PUBLICATION_ROUTES,
  ...NOTIFICATION_ROUTES,
  ...STATUS_ROUTES,
  ...PEOPLE_ROUTES,
];
