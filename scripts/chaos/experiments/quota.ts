import { measured } from '../measured';

export const quota = measured({
  name: 'quota',
  promise: 'P12',
  files: ['lib/connections/server/quota-day.test.ts', 'lib/http/guarded-fetch.test.ts', 'lib/http/shared-read.test.ts'],
  full: { hours: 24 },
  title: ({ hours }) => `${hours} h of 200 repositories with 50 deployments in flight, on a virtual clock`,
  environment: ({ hours }) => ({ AETHERSTACK_QUOTA_HOURS: String(hours) }),
});
