import { measured } from '../measured';

export const histories = measured({
  name: 'histories',
  promise: 'P9',
  files: ['lib/deployments/server/histories.test.ts', 'lib/deployments/server/convergence.test.ts'],
  full: { fuzz: 10, onPostgres: 10_000 },
  title: ({ fuzz, onPostgres }) =>
    `${(fuzz * 10_000).toLocaleString('en')} generated histories of a run, and ${onPostgres.toLocaleString('en')} on Postgres`,
  environment: ({ fuzz, onPostgres }) => ({
    AETHERSTACK_FUZZ: String(fuzz),
    AETHERSTACK_HISTORIES: String(onPostgres),
  }),
});
