import type { ResolveInput } from '@/lib/deployments/model/schemas';
import { type Command, type Invocation, onlyPositional, required } from '../command.ts';
import { EXIT, usage } from '../exit.ts';
import { forWatching, patience } from '../finish.ts';
import { deploymentId } from '../lookup.ts';
import { jsonText } from '../terminal.ts';
import { readDeployment, show, watch } from '../watch.ts';

type Answer = Pick<ResolveInput, 'decision' | 'remoteId'>;

const ANSWERS =
  'Say what you found at the provider. --adopt <run id>: it did start; this deployment follows that run, and nothing is sent. ' +
  '--send-again: it did not start; one new request is sent, and if the first run exists after all there will be two. ' +
  '--give-up: it ends as errored, and the target is free for the next one.';

/** The one answer of the three. Throws `CliError` usage for none and for more. */
function answerOf({ text, flag }: Invocation): Answer {
  const remoteId = text('adopt')?.trim();
  const given: Answer[] = [
    ...(remoteId === undefined ? [] : [{ decision: 'adopt' as const, remoteId }]),
    ...(flag('send-again') ? [{ decision: 'send_again' as const }] : []),
    ...(flag('give-up') ? [{ decision: 'give_up' as const }] : []),
  ];
  const [answer, ...more] = given;
  if (!answer || more.length > 0) throw usage(ANSWERS);
  if (remoteId !== undefined && !/^[A-Za-z0-9][\w-]{0,99}$/.test(remoteId))
    throw usage(`“${remoteId}” is not a run id. It is at the end of the run’s address.`);
  return answer;
}

const resolve: Command = {
  name: 'resolve',
  usage: '<#n> (--adopt <run id> | --send-again | --give-up) --reason … [--watch]',
  says: 'settle a deployment of which nobody knows whether its run started',
  options: {
    ...{ adopt: { type: 'string' }, 'send-again': { type: 'boolean' }, 'give-up': { type: 'boolean' } },
    ...{ reason: { type: 'string' }, ...forWatching },
  },
  async run(invocation) {
    const answer = answerOf(invocation);
    const reason = required(invocation, 'reason', 'what you saw, in a few words');
    const minutes = patience(invocation);
    const name = onlyPositional(invocation, 'one deployment, such as 12');
    const { terminal, json } = invocation;
    const api = invocation.client();
    const id = await deploymentId(api, name);
    const settled = await api.change<object>('POST', `/deployments/${id}/resolve`, { ...answer, reason });
    if (invocation.flag('watch')) return await watch(api, id, invocation, minutes);
    if (json) terminal.say(jsonText(settled));
    else show(await readDeployment(api, id), invocation, api.url);
    return EXIT.ok;
  },
};

export const RESOLVE_COMMANDS: readonly Command[] = [resolve];
