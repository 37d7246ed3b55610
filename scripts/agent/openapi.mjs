// The contract of the agent's HTTP, served at /openapi.json. The console's adapter and the agent are both checked by it.
import { schemas } from './schemas.mjs';

export const VERSION = '1.0.0';

const json = (name) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } });
const answer = (description, name) => ({ description, ...(name ? { content: json(name) } : {}) });
const inPath = (name, pattern) => ({ name, in: 'path', required: true, schema: { type: 'string', pattern } });
const inQuery = (name, schema, description) => ({ name, in: 'query', required: false, schema, description });
const body = (name) => ({ required: true, content: json(name) });

const app = inPath('app', '^[a-z][a-z0-9-]{0,39}$');
const id = inPath('id', '^[\\w-]{1,60}$');
const REFUSED = answer('Refused; `error.message` says what to do.', 'Refusal');

/** An operation with what every one of them may answer. */
function operation(operationId, summary, { parameters = [], requestBody, responses }) {
  return {
    operationId,
    summary,
    parameters,
    ...(requestBody ? { requestBody } : {}),
    responses: { ...responses, 400: REFUSED, 401: REFUSED, 403: REFUSED, 404: REFUSED, default: REFUSED },
  };
}

const key = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  schema: { type: 'string', minLength: 8, maxLength: 200 },
};

const deployments = {
  '/v1/apps/{app}/deployments': {
    post: operation('createDeployment', 'Deploys a build. The same key with the same body is one deployment.', {
      parameters: [app, key],
      requestBody: body('WantedDeployment'),
      responses: {
        200: answer('It was asked for before.', 'Deployment'),
        201: answer('It begins.', 'Deployment'),
        409: REFUSED,
        422: REFUSED,
      },
    }),
    get: operation('listDeployments', 'Newest first, 100 at a time.', {
      parameters: [
        app,
        inQuery('key', { type: 'string' }, 'Only the one with this Idempotency-Key.'),
        inQuery('before', { type: 'string' }, 'What `next` said.'),
      ],
      responses: { 200: answer('A page.', 'Deployments') },
    }),
  },
  '/v1/apps/{app}/deployments/{id}': {
    get: operation('getDeployment', 'One deployment.', {
      parameters: [app, id],
      responses: { 200: answer('It.', 'Deployment') },
    }),
  },
  '/v1/apps/{app}/deployments/{id}/log': {
    get: operation('readLog', 'Its log from a place on, up to 64 KiB.', {
      parameters: [
        app,
        id,
        inQuery('cursor', { type: 'string' }, 'What the last answer said; from the start without it.'),
      ],
      responses: { 200: answer('A piece; `cursor` is null at the end.', 'Log') },
    }),
  },
  '/v1/apps/{app}/deployments/{id}/cancel': {
    post: operation('cancelDeployment', 'Ends it before it is switched.', {
      parameters: [app, id],
      responses: { 202: answer('It will end.', 'Deployment'), 409: REFUSED },
    }),
  },
};

const serving = {
  '/v1/apps/{app}/live': {
    get: operation('getLive', 'What visitors get now, and what can be restored.', {
      parameters: [app],
      responses: { 200: answer('It.', 'Live') },
    }),
  },
  '/v1/apps/{app}/restore': {
    post: operation('restore', 'Serves a release that was live before: started where needed, checked, then switched.', {
      parameters: [app],
      requestBody: body('WantedRestore'),
      responses: { 202: answer('It goes on; `change` tells how far.', 'Live'), 409: REFUSED },
    }),
  },
  '/v1/apps/{app}/uploads/{sha256}': {
    put: {
      ...operation('uploadBuild', 'Takes a build (.tar.gz, .tar or .zip) by its SHA-256.', {
        parameters: [
          app,
          inPath('sha256', '^[0-9a-f]{64}$'),
          inQuery('commit', { type: 'string', pattern: '^[0-9a-f]{40}$' }, 'The commit it was built from.'),
          inQuery('mode', { type: 'string', enum: ['server', 'static'] }, 'Where a commit is built both ways.'),
        ],
        responses: {
          200: answer('It was there.', 'Upload'),
          201: answer('It is there.', 'Upload'),
          409: REFUSED,
          413: REFUSED,
          422: REFUSED,
        },
      }),
      requestBody: {
        required: true,
        content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
    },
  },
};

const environment = {
  '/v1/apps/{app}/environment': {
    get: operation('listVariables', 'Names and ages of the app’s variables; values are never given back.', {
      parameters: [app],
      responses: { 200: answer('All of them.', 'Variables') },
    }),
  },
  '/v1/apps/{app}/environment/{name}': {
    put: operation('writeVariable', 'Creates or replaces one. It counts from the next start of a release.', {
      parameters: [app, inPath('name', '^[A-Za-z_][A-Za-z0-9_]{0,199}$')],
      requestBody: body('WantedVariable'),
      responses: { 200: answer('Replaced.', 'VariableName'), 201: answer('Created.', 'VariableName'), 413: REFUSED },
    }),
    delete: operation('removeVariable', 'Takes one away.', {
      parameters: [app, inPath('name', '^.{1,200}$')],
      responses: { 204: answer('Gone.') },
    }),
  },
};

export const openapi = {
  openapi: '3.0.3',
  info: {
    title: 'AetherStack agent',
    version: VERSION,
    description: 'Deploys web builds to the machine that it runs on.',
    license: { name: 'Apache-2.0' },
  },
  security: [{ bearer: [] }],
  paths: {
    '/v1': {
      get: operation('whoAmI', 'The agent, this token, and the apps.', { responses: { 200: answer('It.', 'Agent') } }),
    },
    ...deployments,
    ...serving,
    ...environment,
  },
  components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } }, schemas },
};
