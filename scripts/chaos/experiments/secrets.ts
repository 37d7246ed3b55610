import { measured } from '../measured';

export const secrets = measured({
  name: 'secrets',
  promise: 'P21',
  files: [
    'lib/testing/bad-inputs/nine-places.test.ts',
    'lib/testing/bad-inputs/canaries.test.ts',
    'lib/deployments/server/read-logs.test.ts',
  ],
  full: {},
  title: () => 'secrets planted where they belong, looked for where they do not',
  environment: () => ({}),
});
