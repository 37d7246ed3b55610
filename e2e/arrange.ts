import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { targetOf } from './console';
import { OWN } from './consoles';

/** What a test needs and does not show: by the API, with the token that the global set-up made in the browser. */

export function arrangingToken(): string {
  return readFileSync(OWN.token, 'utf8');
}

/** Asks the API; throws with what it answered unless that is 2xx. */
async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(new URL(`/api/v1${path}`, OWN.url), {
    method,
    headers: {
      authorization: `Bearer ${arrangingToken()}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function idOf(environment: string): Promise<string> {
  const { environments } = await ask<{ environments: { id: string; slug: string }[] }>('GET', '/estate');
  const found = environments.find(({ slug }) => slug === environment);
  if (!found) throw new Error(`There is no environment ${environment}.`);
  return found.id;
}

/** Sets the approvals and the checklist that a deployment to an environment needs; what is left out is none. */
export async function arrangePolicy(
  environment: string,
  policy: { approvals?: number; checklist?: readonly string[] },
): Promise<void> {
  const path = `/environments/${await idOf(environment)}/policy`;
  const now = await ask<{ policyVersion: number; policy: object }>('GET', path);
  const asked = { ...now.policy, approvals: 0, checklist: [], ...policy };
  await ask('PUT', path, { policyVersion: now.policyVersion, policy: asked });
}

/** True where a component can be said to have its images somewhere. */
export async function hasRegistry(): Promise<boolean> {
  const { connections } = await ask<{ connections: { use: { images: boolean } }[] }>('GET', '/estate');
  return connections.some(({ use }) => use.images);
}

/** A freeze of four hours that began a few minutes ago. */
export async function arrangeFreeze(environment: string, name: string): Promise<void> {
  const startsAt = new Date(Date.now() - 5 * 60_000).toISOString().slice(0, 16);
  const when = { timeZone: 'UTC', startsAt, durationMinutes: 240 };
  await ask('POST', '/freezes', { environmentId: await idOf(environment), name, reason: 'Quarter end', ...when });
}

/** Lifts every hold and ends every freeze, so that the next test meets an open estate. */
export async function liftEverything(): Promise<void> {
  const { pins, freezes } = await ask<{ pins: { id: string }[]; freezes: { id: string }[] }>('GET', '/holds');
  for (const { id } of pins) await ask('POST', `/pins/${id}/lift`, {});
  for (const { id } of freezes) await ask('POST', `/freezes/${id}/end`, { reason: 'The test is over' });
}

/** Deploys the newest commit of main to "backend/staging", opens the deployment's page and returns its id. */
export async function arrangeDeployment(page: Page, slugs: string): Promise<string> {
  const targetId = await targetOf(page, slugs);
  const { revision } = await ask<{ revision: object }>('GET', `/targets/${targetId}/plan?ref=main`);
  const { deploymentId } = await ask<{ deploymentId: string }>('POST', '/deployments', {
    targetId,
    revision,
    inputs: {},
  });
  await page.goto(`/deployments/${deploymentId}`);
  return deploymentId;
}
