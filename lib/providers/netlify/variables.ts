import { z } from 'zod';
import type { ProviderContext } from '../port';
import { call } from './client';

const valueSchema = z.object({
  id: z.string().regex(/^[\w-]{1,100}$/),
  value: z.string().nullish(),
  context: z.string(),
  context_parameter: z.string().nullish(),
});
const variableSchema = z.object({
  key: z.string(),
  values: z.array(valueSchema).default([]),
  is_secret: z.boolean().nullish(),
  updated_at: z.string().nullish(),
});
export type Variable = z.infer<typeof variableSchema>;
export type VariableValue = z.infer<typeof valueSchema>;

/** Variables live in the account; with a site they are that project's own, without one the team's. */
export interface AccountRef {
  account: string;
  site: string | null;
}

/** In which deploys a value counts; `parameter` is the branch of the context `branch`. */
export interface Context {
  context: 'all' | 'production' | 'branch-deploy' | 'branch';
  parameter: string | null;
}

const about = ({ site, account }: AccountRef) => (site ? `project ${site}` : `team ${account}`);
const query = ({ site }: AccountRef): Record<string, string> => (site ? { site_id: site } : {});
const base = ({ account }: AccountRef) => `/accounts/${encodeURIComponent(account)}/env`;
const contextOf = ({ context, parameter }: Context) => ({
  context,
  ...(parameter === null ? {} : { context_parameter: parameter }),
});

/** Source: `getEnvVars` of `@netlify/open-api`. A secret’s value is not among what comes back. */
export function listVariables(c: ProviderContext, ref: AccountRef): Promise<Variable[]> {
  return call(c, { method: 'GET', path: base(ref), query: query(ref), about: about(ref) }, z.array(variableSchema));
}

/** Secrets may not be read by post-processing, so they are given the other scopes. Source: `createEnvVars` */
export async function createVariable(
  c: ProviderContext,
  ref: AccountRef,
  wanted: { key: string; value: string; isSecret: boolean; where: Context },
): Promise<void> {
  const { key, value, isSecret, where } = wanted;
  const scopes = isSecret ? { scopes: ['builds', 'functions', 'runtime'] } : {};
  const body = [{ key, values: [{ ...contextOf(where), value }], is_secret: isSecret, ...scopes }];
  await call(c, { method: 'POST', path: base(ref), query: query(ref), body, about: about(ref) }, z.unknown());
}

/** One context’s value, made or replaced; the others stay. Source: `setEnvVarValue` */
export async function setValue(
  c: ProviderContext,
  ref: AccountRef,
  wanted: { key: string; value: string; where: Context },
): Promise<void> {
  const path = `${base(ref)}/${encodeURIComponent(wanted.key)}`;
  const body = { ...contextOf(wanted.where), value: wanted.value };
  await call(c, { method: 'PATCH', path, query: query(ref), body, about: about(ref) }, z.unknown());
}

/** `value` null: the whole variable. Source: `deleteEnvVar`, `deleteEnvVarValue` */
export async function deleteValue(
  c: ProviderContext,
  ref: AccountRef,
  key: string,
  value: string | null,
): Promise<void> {
  const whole = `${base(ref)}/${encodeURIComponent(key)}`;
  const path = value === null ? whole : `${whole}/value/${encodeURIComponent(value)}`;
  await call(c, { method: 'DELETE', path, query: query(ref), about: about(ref) }, z.unknown());
}
