import { z } from 'zod';
import type { CredentialForm, Manifest } from '../port';

/** https://cloud.google.com/resource-manager/docs/creating-managing-projects#before_you_begin */
const PROJECT = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const SERVICE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export const targetConfig = z.strictObject({
  project: z
    .string()
    .regex(PROJECT, 'Write the project’s id, such as acme-prod; not its name or number.')
    .describe('Project id'),
  service: z
    .string()
    .regex(SERVICE, 'Write the service’s name, such as default.')
    .default('default')
    .describe('Service'),
});

export type AppEngineCapability = 'configuration';

export const API = 'https://appengine.googleapis.com';
const TOKENS = 'https://oauth2.googleapis.com';

export const TOKEN_URL = `${TOKENS}/token`;

/** Null for any other host: nothing is made for it. */
export function tokenOriginOf(origin: string): string | null {
  return origin === API ? TOKENS : null;
}

const FORM: CredentialForm = {
  id: 'service-account-key',
  label: 'App Engine',
  origin: API,
  username: { label: 'User name', hint: 'Always _json_key.', fixed: '_json_key' },
  secret: {
    label: 'Key file of a service account',
    hint: 'The whole key.json of the commands below. It signs the requests for tokens of an hour, which can only read, and is itself sent to nobody.',
  },
  tokenService: false,
  ends: 'It lasts until somebody deletes the key, or for as long as your organisation lets keys live.',
};

/** To be pasted as it stands. */
const COMMANDS = [
  'PROJECT=acme-prod',
  'CONSOLE=aetherstack-console@$PROJECT.iam.gserviceaccount.com',
  'gcloud services enable appengine.googleapis.com --project=$PROJECT',
  'gcloud iam service-accounts create aetherstack-console --project=$PROJECT',
  'gcloud projects add-iam-policy-binding $PROJECT --member=serviceAccount:$CONSOLE --role=roles/appengine.appViewer',
  '# The key, which is pasted whole and then deleted from the disk',
  'gcloud iam service-accounts keys create key.json --iam-account=$CONSOLE',
].join('\n');

export const IN_APP_YAML =
  'A version on App Engine is never changed: its variables are those of env_variables in app.yaml. Change them there, and they go live with the next deployment.';

/** The variables of what serves on App Engine. Data only: this file also goes to the browser. */
export const manifest: Manifest<AppEngineCapability> = {
  id: 'app-engine',
  label: 'App Engine',
  docsUrl: 'https://cloud.google.com/appengine/docs/admin-api/reference/rest/v1/apps.services.versions',
  defaultOrigin: API,
  credentialKinds: ['basic'],
  credentialForms: [FORM],
  credentialHelp: { says: 'An account of the console’s own, which can only look:', text: COMMANDS },
  tokenOriginOf,
  targetConfig,
  capabilities: {
    configuration: {
      // How large one may be App Engine does not say; nothing is written from here.
      kinds: { variable: { readable: true, maxBytes: 1_048_576, expression: '$NAME' } },
      scopes: [{ id: 'version', word: 'Version that serves', shared: false, writable: false, instead: IN_APP_YAML }],
      name: {
        pattern: '[A-Za-z_][A-Za-z0-9_]{0,254}',
        letters: 'as-is',
        says: 'A name has letters, digits and _ only, and begins with no digit.',
      },
      // What is shown is what serves.
      takesEffect: 'at-once',
      runtime: { says: 'The service that this target runs as.' },
    },
  },
};
