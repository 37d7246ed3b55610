import type { VerifyAnswer } from '@/lib/audit/model/verdict';
import { type Command, onlyPositional } from '../command.ts';
import { EXIT } from '../exit.ts';
import { deploymentId } from '../lookup.ts';
import { jsonText, oneLine, visible } from '../terminal.ts';

const logs: Command = {
  name: 'logs',
  usage: '<#n> [--job name]',
  says: 'the logs of a deployment’s jobs, as far as they are there',
  options: { job: { type: 'string' } },
  async run(invocation) {
    const { terminal, json } = invocation;
    const api = invocation.client();
    const id = await deploymentId(api, onlyPositional(invocation, 'one deployment, such as 12'));
    const response = await api.open(`/deployments/${id}/logs`, { job: invocation.text('job') });
    if (json) {
      terminal.say(jsonText({ deploymentId: id, text: await response.text() }));
      return EXIT.ok;
    }
    // By whole lines, so that no escape sequence is cut in two.
    const decoder = new TextDecoder();
    let rest = '';
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      rest += decoder.decode(part.value, { stream: true });
      const end = rest.lastIndexOf('\n');
      if (end < 0) continue;
      terminal.say(visible(rest.slice(0, end)));
      rest = rest.slice(end + 1);
    }
    if (rest) terminal.say(visible(rest));
    return EXIT.ok;
  },
};

const auditVerify: Command = {
  name: 'audit verify',
  usage: '',
  says: 'prove that the audit log is as it was written; 1 when it is not',
  options: {},
  async run({ client, terminal, json }) {
    const answer = await client().change<VerifyAnswer>('POST', '/audit/verify');
    terminal.say(json ? jsonText(answer) : oneLine(answer.sentence));
    return answer.intact ? EXIT.ok : EXIT.failed;
  },
};

export const RECORD_COMMANDS: readonly Command[] = [logs, auditVerify];
