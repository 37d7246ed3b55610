import 'server-only';
import { defineCommand } from '@/lib/pipeline/define-command';
import { setUpInput } from './model/setup';
import { setUp } from './server';

// What is merged from it runs with the repository's secrets.
export const setUpCommand = defineCommand({
  name: 'component.set-up',
  permission: 'component.manage',
  risk: 'high',
  input: setUpInput,
  resourceOf: ({ slug }) => ({ kind: 'component', id: slug }),
  rate: { perMinute: 5 },
  run: setUp,
});
