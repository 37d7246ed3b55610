import 'server-only';
import { defineQuery } from '@/lib/pipeline/define-query';
import { readSiteInput } from './model/site';
import { readSite } from './server';

export const siteQuery = defineQuery({
  name: 'component.site',
  permission: 'deployment.read',
  input: readSiteInput,
  // Each look is half a dozen requests to the provider.
  rate: { perMinute: 30 },
  run: readSite,
});
