import 'server-only';
import { defineQuery } from '@/lib/pipeline/define-query';
import { readSetupInput } from './model/setup';
import { readSetup } from './server';

export const setupQuery = defineQuery({
  name: 'component.setup',
  permission: 'component.manage',
  input: readSetupInput,
  // Each look is a dozen requests to the provider.
  rate: { perMinute: 20 },
  run: readSetup,
});
