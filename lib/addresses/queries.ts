import 'server-only';
import { defineQuery } from '@/lib/pipeline/define-query';
import { addressInput, requireThere } from './server';

export const addressQuery = defineQuery({
  name: 'address.find',
  permission: 'deployment.read',
  input: addressInput,
  run: requireThere,
});
