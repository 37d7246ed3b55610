import { z } from 'zod';
import type { Manifest } from '../port';

/** The app whose config vars are read and written. */
export const targetConfig = z.strictObject({
  app: z
    .string()
    .regex(
      /^([a-z][a-z0-9-]{1,28}[a-z0-9]|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
      'Write the app’s name as Heroku has it, or its id.',
    )
    .describe('App (name or id)'),
});

export type HerokuTarget = z.infer<typeof targetConfig>;

/** Where settings of what runs at Heroku are kept. Data only: this file also goes to the browser. */
export const manifest: Manifest<'configuration'> = {
  id: 'heroku',
  label: 'Heroku',
  docsUrl: 'https://devcenter.heroku.com/articles/oauth#scopes',
  defaultOrigin: 'https://api.heroku.com',
  credentialKinds: ['token'],
  credentialHelp: {
    says: 'A token with these scopes, of an account that may operate these apps and no others. Without write-protected it only looks:',
    text: 'heroku authorizations:create -d "AetherStack" -s identity,read-protected,write-protected',
  },
  targetConfig,
  capabilities: {
    configuration: {
      // Heroku tells no secret from a variable, so each is taken for one. All of an app’s names and values share 64 KB.
      kinds: { secret: { readable: true, maxBytes: 65_536, expression: '$NAME' } },
      scopes: [{ id: 'app', word: 'App', shared: false, writable: true }],
      name: {
        pattern: '(?!HEROKU_|__)[A-Za-z_][A-Za-z0-9_]{0,254}',
        letters: 'as-is',
        says: 'A name has letters, digits and _ only, begins with no digit, and with neither HEROKU_ nor __.',
      },
      // A change is a release of its own, and the dynos restart with it when its release phase has ended well.
      takesEffect: 'at-once',
      alsoDoes:
        'An app with a release phase runs its release command with it, such as the migration of a database, and stays as it is when that fails.',
      runtime: { says: 'The app that this target runs as.' },
    },
  },
};
