import { defineProvider } from '../port';
import { call } from './client';
import { manifest, targetConfig } from './manifest';
import { toObservation } from './map';
import { accountSchema, runSchema, runsSchema } from './schema';

const project = (config: unknown): string => encodeURIComponent(targetConfig.parse(config).project);

/** Each claimed capability and its functions: a claim without code, or code without a claim, does not compile. */
export const provider = defineProvider(
  manifest,
  {
    deploy: {
      // Exactly one request. The marker must come back in lists, so that a lost answer can be looked up.
      async trigger(c, config, { marker, revision, inputs }) {
        const body = { label: marker, commit: revision.sha, inputs };
        const run = await call(c, 'POST', `/projects/${project(config)}/runs`, runSchema, body);
        return { id: run.id, attempt: 1, url: run.url };
      },
      async findByMarker(c, config, marker, sinceMs) {
        const since = new Date(sinceMs - 15 * 60_000).toISOString();
        const { runs } = await call(c, 'GET', `/projects/${project(config)}/runs?since=${since}`, runsSchema);
        const run = runs.find((each) => each.label === marker);
        return run ? { id: run.id, attempt: 1, url: run.url } : null;
      },
    },
    status: {
      async observe(c, config, ref) {
        const path = `/projects/${project(config)}/runs/${encodeURIComponent(ref.id)}`;
        return toObservation(await call(c, 'GET', path, runSchema));
      },
    },
  },
  async (c) => {
    const { name } = await call(c, 'GET', '/account', accountSchema);
    return { ok: true, account: name, scopes: [], problems: [], expiresAt: null };
  },
);
