import type { Triggered } from '@/lib/deployments/model/schemas';
import { type Command, type Invocation, onlyPositional } from '../command.ts';
import { finish, forWatching, patience } from '../finish.ts';
import { deploymentId } from '../lookup.ts';

async function again(invocation: Invocation, verb: 'retry' | 'redeploy') {
  // What is wrong with the command line is said before anything is asked, let alone done.
  patience(invocation);
  const name = onlyPositional(invocation, 'one deployment, such as 12');
  const api = invocation.client();
  const id = await deploymentId(api, name);
  return await finish(api, await api.change<Triggered>('POST', `/deployments/${id}/${verb}`), invocation);
}

const usage = '<#n> [--watch] [--timeout minutes]';

export const AGAIN_COMMANDS: readonly Command[] = [
  {
    name: 'retry',
    usage,
    says: 'run the failed jobs of a deployment once more, as a new deployment',
    options: forWatching,
    run: (invocation) => again(invocation, 'retry'),
  },
  {
    name: 'redeploy',
    usage,
    says: 'the same commit and inputs once more, as a new deployment with today’s settings',
    options: forWatching,
    run: (invocation) => again(invocation, 'redeploy'),
  },
];
