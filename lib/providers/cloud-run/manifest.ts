import { z } from 'zod';
import type { CredentialForm, Manifest } from '../port';

/** https://cloud.google.com/resource-manager/docs/creating-managing-projects#before_you_begin */
const PROJECT = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const REGION = /^[a-z]{2,12}-[a-z]{4,12}\d{1,2}$/;
const SERVICE = /^[a-z](?:[a-z0-9-]{0,47}[a-z0-9])?$/;
const CONTAINER = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export const targetConfig = z.strictObject({
  project: z
    .string()
    .regex(PROJECT, 'Write the project’s id, such as acme-prod; not its name or number.')
    .describe('Project id'),
  region: z.string().regex(REGION, 'Write the region as Google names it: europe-west3.').describe('Region'),
  service: z.string().regex(SERVICE, 'Write the service’s name, without its region.').describe('Service'),
  container: z
    .string()
    .regex(CONTAINER, 'Write the container’s name as the service has it.')
    .optional()
    .describe('Container, where the service has several; left empty, the one that takes the requests'),
});

export type CloudRunTarget = z.infer<typeof targetConfig>;
export type CloudRunCapability = 'configuration';

export const GLOBAL = 'https://run.googleapis.com';
/** The whole service and its regional hosts, as the API's own description lists them. */
const HOSTS = /^https:\/\/(?:run|[a-z]+-[a-z]+\d{1,2}-run|run\.[a-z]+-[a-z]+\d{1,2}\.rep)\.googleapis\.com$/;
const TOKENS = 'https://oauth2.googleapis.com';

export const TOKEN_URL = `${TOKENS}/token`;

/** Null for any other host: nothing is made for it. */
export function tokenOriginOf(origin: string): string | null {
  return HOSTS.test(origin) ? TOKENS : null;
}

const FORM: CredentialForm = {
  id: 'service-account-key',
  label: 'Cloud Run',
  origin: GLOBAL,
  username: { label: 'User name', hint: 'Always _json_key.', fixed: '_json_key' },
  secret: {
    label: 'Key file of a service account',
    hint: 'The whole key.json of the commands below. It signs the requests for tokens of an hour and is itself sent to nobody.',
  },
  tokenService: false,
  ends: 'It lasts until somebody deletes the key, or for as long as your organisation lets keys live.',
};

const MEMBER = '--member=serviceAccount:$CONSOLE --project=$PROJECT';
/** To be pasted as it stands; what the two roles beside run.developer are for stands in the README. */
const COMMANDS = [
  'PROJECT=acme-prod REGION=europe-west3 SERVICE=backend',
  'CONSOLE=aetherstack-console@$PROJECT.iam.gserviceaccount.com',
  'gcloud services enable run.googleapis.com --project=$PROJECT',
  'gcloud iam service-accounts create aetherstack-console --project=$PROJECT',
  `gcloud run services add-iam-policy-binding $SERVICE --region=$REGION ${MEMBER} --role=roles/run.viewer`,
  '# To write as well: the account that the service runs as, and the repository of its image',
  'RUNS_AS=backend@$PROJECT.iam.gserviceaccount.com',
  'IMAGES=images',
  `gcloud run services add-iam-policy-binding $SERVICE --region=$REGION ${MEMBER} --role=roles/run.developer`,
  `gcloud iam service-accounts add-iam-policy-binding $RUNS_AS ${MEMBER} --role=roles/iam.serviceAccountUser`,
  `gcloud artifacts repositories add-iam-policy-binding $IMAGES --location=$REGION ${MEMBER} --role=roles/artifactregistry.reader`,
  '# The key, which is pasted whole and then deleted from the disk',
  'gcloud iam service-accounts keys create key.json --iam-account=$CONSOLE',
].join('\n');

/** The variables of a service on Cloud Run. Data only: this file also goes to the browser. */
export const manifest: Manifest<CloudRunCapability> = {
  id: 'cloud-run',
  label: 'Cloud Run',
  docsUrl: 'https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services',
  defaultOrigin: GLOBAL,
  credentialKinds: ['basic'],
  credentialForms: [FORM],
  credentialHelp: {
    says: 'An account of the console’s own, with roles on single services. Leave out what stands under “To write as well” where it shall only look:',
    text: COMMANDS,
  },
  tokenOriginOf,
  targetConfig,
  capabilities: {
    configuration: {
      kinds: {
        secret: { readable: false, maxBytes: 65_536, expression: '$NAME' },
        variable: { readable: true, maxBytes: 32_768, expression: '$NAME' },
      },
      scopes: [
        {
          ...{ id: 'service', word: 'Service', shared: false, writable: true, kinds: ['variable'] },
          instead:
            'Cloud Run keeps no secrets, it refers to Secret Manager’s. Write the value there, then let the service take it in: gcloud run services update --update-secrets=NAME=secret:version.',
        },
      ],
      name: {
        // https://cloud.google.com/run/docs/configuring/services/overview-environment-variables
        pattern: '(?!(?:PORT|K_SERVICE|K_REVISION|K_CONFIGURATION)$)(?!X_GOOGLE_)[A-Za-z_][A-Za-z0-9_]{0,254}',
        letters: 'as-is',
        says: 'A name has letters, digits and _ only, begins with no digit and not with X_GOOGLE_, and is none that Cloud Run sets itself, such as PORT.',
      },
      takesEffect: 'at-once',
      runtime: { says: 'The service that this target runs as.' },
    },
  },
};
