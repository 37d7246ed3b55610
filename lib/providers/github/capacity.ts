import { z } from 'zod';
import {
  type Capacity,
  type GroupWait,
  type OpenRun,
  type ProviderContext,
  ProviderError,
  type RemoteRef,
  type RunnersSeen,
  type RunWait,
} from '../port';
import { read } from './client';
import { jobsSchema, remoteId } from './schema';
import { type Place, splitName } from './target';

type Where = { owner: string; repo: string };

const runnersSchema = z.object({
  total_count: z.number().int(),
  runners: z.array(
    z.object({
      name: z.string(),
      os: z.string(),
      status: z.string(),
      busy: z.boolean(),
      labels: z.array(z.object({ name: z.string() })).default([]),
    }),
  ),
});
const openSchema = z.object({
  total_count: z.number().int(),
  workflow_runs: z.array(
    z.object({
      id: remoteId,
      run_number: z.number().int(),
      display_title: z.string().default(''),
      html_url: z.string().regex(/^https?:\/\//),
      created_at: z.string(),
    }),
  ),
});
const member = z.object({
  run_id: remoteId,
  run_name: z.string(),
  run_html_url: z
    .string()
    .regex(/^https?:\/\//)
    .nullish(),
  job_id: remoteId.nullish(),
  status: z.string(),
});
const groupsSchema = z.object({
  concurrency_groups: z.array(
    z.object({ group_name: z.string(), group_members: z.array(member.extend({ position: z.number().int() })) }),
  ),
});
const groupSchema = z.object({ group_members: z.array(member) });

const SHOWN = 20;
const MAX_GROUPS = 5;
/** Whoever lists runners has to be an administrator of the repository. */
const NO_RUNNERS =
  'GitHub shows self-hosted runners to administrators only. Grant the App “administration: read”, or use a token of an administrator.';

/** Five requests, each free while nothing has changed. */
export async function readCapacity(c: ProviderContext, repository: string): Promise<Capacity> {
  const where = splitName(repository);
  const [runners, queued, pending, held, running] = await Promise.all([
    readRunners(c, where),
    readOpen(c, where, 'queued', 'queued'),
    readOpen(c, where, 'pending', 'waiting'),
    // For a person or a timer, by the rules of an environment; for a place of its group it is `pending`.
    readOpen(c, where, 'waiting', 'waiting'),
    readOpen(c, where, 'in_progress', 'running'),
  ]);
  const open = [...queued.runs, ...pending.runs, ...held.runs, ...running.runs];
  return {
    runners,
    open: open.toSorted((a, b) => b.at.localeCompare(a.at)).slice(0, SHOWN),
    queued: queued.total + pending.total + held.total,
    running: running.total,
  };
}

async function readOpen(c: ProviderContext, where: Where, status: string, state: OpenRun['state']) {
  const answer = await read(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/actions/runs',
      params: { ...where, status, per_page: SHOWN },
      about: { what: 'repository', subject: `${where.owner}/${where.repo}` },
    },
    openSchema,
  );
  const runs = answer.data.workflow_runs.map((run): OpenRun => {
    const { id, run_number: number, display_title: title, html_url: url, created_at: at } = run;
    return { id, number, title, url, state, at };
  });
  return { total: answer.data.total_count, runs };
}

async function readRunners(c: ProviderContext, where: Where): Promise<RunnersSeen> {
  const call = {
    route: 'GET /repos/{owner}/{repo}/actions/runners',
    params: { ...where, per_page: 100 },
    about: { what: 'repository', subject: `${where.owner}/${where.repo}` } as const,
  };
  try {
    const { data } = await read(c, call, runnersSchema);
    const list = data.runners.map(({ name, os, status, busy, labels }) => ({
      ...{ name, os, busy, online: status === 'online' },
      labels: labels.map((label) => label.name),
    }));
    return { list, total: data.total_count };
  } catch (error) {
    if (error instanceof ProviderError && (error.kind === 'auth' || error.kind === 'notFound'))
      return { refused: NO_RUNNERS };
    throw error;
  }
}

/** Jobs, runners where one's own are asked for, and the groups of the run. */
export async function readWaits(c: ProviderContext, place: Place, ref: RemoteRef): Promise<RunWait> {
  const where = { owner: place.owner, repo: place.repo };
  const [labels, groups] = await Promise.all([waitingLabels(c, where, ref), readGroups(c, where, ref.id)]);
  const own = labels.some((label) => label.toLowerCase() === 'self-hosted');
  return { labels, groups, runners: own ? await readRunners(c, where) : null };
}

async function waitingLabels(c: ProviderContext, where: Where, ref: RemoteRef): Promise<string[]> {
  const call = {
    route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs',
    params: { ...where, run_id: ref.id, attempt_number: ref.attempt, per_page: 100, page: 1 },
    about: { what: 'run', subject: ref.id } as const,
  };
  const { data } = await read(c, call, jobsSchema);
  return data.jobs.find((job) => job.status === 'queued')?.labels ?? [];
}

/**
 * An older server knows no groups, and a group that is free answers 404: both are none.
 * Source: https://docs.github.com/en/rest/actions/concurrency-groups
 */
async function readGroups(c: ProviderContext, where: Where, runId: string): Promise<GroupWait[]> {
  const about = { what: 'run', subject: runId } as const;
  const call = {
    route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/concurrency_groups',
    params: { ...where, run_id: runId },
    about,
  };
  const groups = await orNone(read(c, call, groupsSchema).then(({ data }) => data.concurrency_groups));
  const behind = groups.flatMap(({ group_name, group_members }) => {
    const waiting = group_members.find(({ position, status }) => position > 0 && status === 'pending');
    return waiting ? [{ name: group_name, waiting }] : [];
  });
  const found = await Promise.all(
    behind.slice(0, MAX_GROUPS).map(async ({ name, waiting }): Promise<GroupWait> => {
      const ahead = waiting.job_id ? { ahead_of_job: waiting.job_id } : { ahead_of_run: runId };
      const params = { ...where, concurrency_group_name: name, ...ahead };
      const route = 'GET /repos/{owner}/{repo}/actions/concurrency_groups/{concurrency_group_name}';
      const members = await orNone(
        read(c, { route, params, about }, groupSchema).then(({ data }) => data.group_members),
      );
      const others = members.filter(({ run_id }) => run_id !== runId);
      return {
        name,
        ahead: others.map(({ run_id, run_name, run_html_url, status }) => ({
          ...{ id: run_id, title: run_name, url: run_html_url ?? null, running: status === 'in_progress' },
        })),
      };
    }),
  );
  return found.filter(({ ahead }) => ahead.length > 0);
}

async function orNone<T>(reading: Promise<T[]>): Promise<T[]> {
  try {
    return await reading;
  } catch (error) {
    const absent = error instanceof ProviderError && (error.kind === 'notFound' || error.kind === 'rejected');
    if (absent || (error instanceof ProviderError && error.kind === 'auth')) return [];
    throw error;
  }
}
