import { z } from 'zod';
import type { ProviderContext } from '../port';
import { ProviderError } from '../port';
import { call } from './client';
import { teamQuery } from './target';

/** One environment variable as Vercel keeps it: it may belong to several environments at once. */
export const variableSchema = z.object({
  id: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .optional(),
  key: z.string(),
  type: z.string(),
  /** `config` or `secret`; entries from before have none. */
  visibility: z.string().nullish(),
  value: z.string().nullish(),
  decrypted: z.boolean().nullish(),
  target: z.union([z.array(z.string()), z.string()]).nullish(),
  gitBranch: z.string().nullish(),
  customEnvironmentIds: z.array(z.string()).nullish(),
  createdAt: z.number().nullish(),
  updatedAt: z.number().nullish(),
});
export type Variable = z.infer<typeof variableSchema>;

/** The list is given in three forms, one of which is a single variable. */
const listSchema = z.union([
  z.object({
    envs: z.array(variableSchema),
    pagination: z.object({ next: z.number().nullish() }).nullish(),
  }),
  variableSchema,
]);
const createdSchema = z.object({
  failed: z.array(z.object({ error: z.object({ code: z.string(), message: z.string() }) })).default([]),
});

/** A project in a team, as every request about its variables names it. */
export interface ProjectRef {
  team?: string | undefined;
  project: string;
}

const about = ({ project }: ProjectRef) => `project ${project}`;
const base = (version: 'v1' | 'v9' | 'v10', { project }: ProjectRef) =>
  `/${version}/projects/${encodeURIComponent(project)}/env`;

/**
 * All of the project; values of `plain` ones are readable, the others come as they are stored or not at all. No parameter
 * asks for a second page, and what is not seen would be taken for absent: throws `list_incomplete`.
 */
export async function listVariables(c: ProviderContext, project: ProjectRef): Promise<Variable[]> {
  const wanted = {
    method: 'GET',
    path: base('v10', project),
    query: teamQuery(project),
    about: about(project),
  } as const;
  const answer = await call(c, wanted, listSchema);
  if (!('envs' in answer)) return [answer];
  if (answer.pagination?.next != null) {
    const sentence = 'Vercel lists only a part of the project’s variables, so they are read and changed there.';
    throw new ProviderError('rejected', 'list_incomplete', sentence);
  }
  return answer.envs;
}

/** The value of one, decrypted; null where Vercel keeps it to itself. `getProjectEnv` of its published description. */
export async function readValue(c: ProviderContext, project: ProjectRef, id: string): Promise<string | null> {
  const path = `${base('v1', project)}/${encodeURIComponent(id)}`;
  const wanted = { method: 'GET', path, query: teamQuery(project), about: about(project), isUnkept: true } as const;
  const { value, decrypted } = await call(c, wanted, variableSchema);
  return typeof value === 'string' && decrypted !== false ? value : null;
}

export interface NewVariable {
  key: string;
  value: string;
  type: 'plain' | 'encrypted' | 'sensitive';
  target: readonly string[];
  gitBranch?: string | undefined;
}

/** 201 may be a refusal: what failed is listed in its body. */
export async function createVariable(c: ProviderContext, project: ProjectRef, wanted: NewVariable): Promise<void> {
  const { gitBranch, ...rest } = wanted;
  const body = { ...rest, ...(gitBranch ? { gitBranch } : {}) };
  const path = base('v10', project);
  const answer = await call(
    c,
    { method: 'POST', path, query: teamQuery(project), body, about: about(project) },
    createdSchema,
  );
  const [failed] = answer.failed;
  if (!failed) return;
  const sentence = `Vercel did not keep ${wanted.key} (${failed.error.code}). Load the page again to see what is there.`;
  throw new ProviderError('rejected', 'not_kept', sentence);
}

export async function changeVariable(
  c: ProviderContext,
  project: ProjectRef,
  id: string,
  change: { value: string } | { target: readonly string[] },
): Promise<void> {
  const path = `${base('v9', project)}/${encodeURIComponent(id)}`;
  await call(c, { method: 'PATCH', path, query: teamQuery(project), body: change, about: about(project) }, z.unknown());
}

export async function deleteVariable(c: ProviderContext, project: ProjectRef, id: string): Promise<void> {
  const path = `${base('v9', project)}/${encodeURIComponent(id)}`;
  await call(c, { method: 'DELETE', path, query: teamQuery(project), about: about(project) }, z.unknown());
}
