import type { FailureView } from '@/lib/deployments/model/failure-view';
import { withLabel } from '../../targets/model/label.ts';
import { type Command, onlyPositional } from '../command.ts';
import { EXIT } from '../exit.ts';
import { deploymentId } from '../lookup.ts';
import { jsonText, oneLine, table } from '../terminal.ts';

const failure: Command = {
  name: 'failure',
  usage: '<#n>',
  says: 'is it us? what a deployment failed with, the same failure elsewhere, and what its provider said then',
  options: {},
  async run(invocation) {
    const name = onlyPositional(invocation, 'one deployment, such as 12');
    const api = invocation.client();
    const view = await api.get<FailureView>(`/deployments/${await deploymentId(api, name)}/failure`);
    invocation.terminal.say(invocation.json ? jsonText(view) : linesOf(view));
    return EXIT.ok;
  },
};

function linesOf({ failure: found, here, elsewhere, said, weather, verdict }: FailureView): string {
  if (!found) return oneLine(verdict);
  const where = [found.step, found.exitCode === null ? null : `exit code ${found.exitCode}`].filter(Boolean).join(', ');
  const rows = [
    ['failed with', `${found.line}${where ? ` (${where})` : ''}`],
    ['before, here', here.last ? `${here.times}×, last #${here.last.number} at ${here.last.at}` : 'never in 90 days'],
    ...elsewhere.newest.map(({ number, component, environment, label, at }) => [
      'elsewhere',
      `#${number} ${component} in ${withLabel(environment, label)} at ${at}`,
    ]),
    ...said.map(({ provider, name, since, seenAt }) => [`${provider} said`, `${name}, from ${since} to ${seenAt}`]),
    ...weather.map(({ sentence }) => ['now', sentence]),
  ];
  return [oneLine(verdict), table(rows)].join('\n');
}

export const FAILURE_COMMANDS: readonly Command[] = [failure];
