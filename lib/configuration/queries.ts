import 'server-only';
import { defineQuery } from '@/lib/pipeline/define-query';
import { readConfigurationInput } from './model/schemas';
import { readConfiguration } from './server';

export const configurationQuery = defineQuery({
  name: 'configuration.read',
  permission: 'deployment.read',
  input: readConfigurationInput,
  // Each look is some dozen requests to the provider, most of them answered by 304.
  rate: { perMinute: 20 },
  run: readConfiguration,
});
