// Schemas of the agent's contract. Times are ISO 8601 in UTC.
import { PHASES } from './journal.mjs';

const text = { type: 'string' };
const maybe = (schema) => ({ ...schema, nullable: true });
const time = { type: 'string', format: 'date-time' };
const commit = { type: 'string', pattern: '^[0-9a-f]{40}$' };
const sha256 = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const mode = { type: 'string', pattern: '^(server|static)$' };
const as = { type: 'string', enum: ['promote', 'restore'] };
const release = { type: 'string', pattern: '^[\\w-]{1,60}$' };
const list = (items) => ({ type: 'array', items });
/** Every field is there, and no other. */
const whole = (properties) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const some = (properties, required) => ({ type: 'object', properties, required, additionalProperties: false });
const failure = maybe(whole({ step: text, sentence: text }));

const deployment = whole({
  ...{
    id: release,
    key: text,
    by: text,
    commit: maybe(commit),
    ref: maybe(text),
    mode: maybe(mode),
    sha256: maybe(sha256),
  },
  phase: { type: 'string', enum: PHASES },
  reached: { type: 'string', enum: PHASES },
  ...{ failure, cancelRequested: { type: 'boolean' } },
  ...{ createdAt: time, startedAt: maybe(time), finishedAt: maybe(time), servedAt: maybe(time) },
});

const artifact = some(
  {
    ...{ url: text, checksumUrl: text, sha256, size: { type: 'integer', minimum: 1 }, commit },
    header: whole({ name: text, value: text }),
  },
  [],
);

const live = whole({
  app: text,
  /** Whether what answers visitors is this app's front. */
  front: { type: 'string', enum: ['up', 'down'] },
  addresses: list(whole({ name: text, leadsHere: { type: 'boolean' } })),
  change: maybe(
    whole({ release, as, state: { type: 'string', enum: ['going-on', 'done', 'failed'] }, failure, at: time }),
  ),
  live: maybe(
    whole({
      ...{
        release,
        key: text,
        by: text,
        commit: maybe(commit),
        ref: maybe(text),
        mode: maybe(mode),
        since: maybe(time),
      },
      ...{ running: { type: 'boolean' }, changedNotLive: list(text) },
    }),
  ),
  kept: list(release),
});

export const schemas = {
  Refusal: some({ error: whole({ code: text, message: text }) }, ['error']),
  Agent: whole({ agent: text, version: text, token: whole({ name: text, role: text }), apps: list(text) }),
  Deployment: deployment,
  Deployments: whole({ deployments: list(deployment), next: maybe(text) }),
  WantedDeployment: some({ artifact, commit, ref: text, mode }, ['artifact']),
  WantedRestore: some({ release, as }, ['release']),
  Live: live,
  Log: whole({ text, cursor: maybe(text) }),
  Upload: whole({ sha256, size: { type: 'integer' }, commit: maybe(commit), mode: maybe(mode), by: text, at: time }),
  Variables: whole({
    variables: list(whole({ name: text, createdAt: time, updatedAt: time, live: maybe({ type: 'boolean' }) })),
  }),
  VariableName: whole({ name: text }),
  WantedVariable: whole({ value: text }),
};
