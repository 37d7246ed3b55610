import { type Command, onlyPositional } from '../command.ts';
import { CliError, EXIT } from '../exit.ts';
import { jsonText, oneLine } from '../terminal.ts';

interface Named {
  id: string;
  name: string;
}

interface Report {
  ok: boolean;
  account: string;
  problems: string[];
}

const verify: Command = {
  name: 'connection verify',
  usage: '<name or con_…>',
  says: 'ask the provider whether a connection works; 1 when it does not',
  options: {},
  async run(invocation) {
    const { client, terminal, json } = invocation;
    const wanted = onlyPositional(invocation, 'the name of a connection');
    const api = client();
    const found = (await api.get<Named[]>('/connections')).find(({ id, name }) => id === wanted || name === wanted);
    if (!found) throw new CliError(EXIT.notFound, 'not_found', `There is no connection “${wanted}”.`);
    const report = await api.change<Report>('POST', `/connections/${encodeURIComponent(found.id)}/verify`);
    const sentence = report.ok ? `works, as ${report.account}.` : `does not work: ${report.problems.join(' ')}`;
    terminal.say(json ? jsonText(report) : oneLine(`${found.name} ${sentence}`));
    return report.ok ? EXIT.ok : EXIT.failed;
  },
};

export const CONNECTION_COMMANDS: readonly Command[] = [verify];
