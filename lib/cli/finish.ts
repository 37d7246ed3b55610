import type { Triggered } from '@/lib/deployments/model/schemas';
import type { Client } from './client.ts';
import { type Invocation, positiveNumber } from './command.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { jsonText } from './terminal.ts';
import { readDeployment, show, watch } from './watch.ts';

/** How long `--watch` watches when `--timeout` says nothing; minutes. */
const PATIENCE = 60;

export const forWatching = { watch: { type: 'boolean', short: 'w' }, timeout: { type: 'string' } } as const;

/** Minutes. Throws `CliError` usage. */
export const patience = (invocation: Invocation) => positiveNumber(invocation, 'timeout') ?? PATIENCE;

/** After a deployment was made or joined: says it, or watches it to its end. */
export async function finish(api: Client, made: Triggered, invocation: Invocation): Promise<ExitCode> {
  const { terminal, json } = invocation;
  const minutes = patience(invocation);
  if (made.outcome === 'joined' && !json) terminal.note('The same is on its way already; this joined it.');
  if (invocation.flag('watch')) return await watch(api, made.deploymentId, invocation, minutes);
  if (json) terminal.say(jsonText(made));
  else show(await readDeployment(api, made.deploymentId), invocation, api.url);
  return EXIT.ok;
}
