import type { Client } from '../client.ts';
import { type Command, type Invocation, onlyPositional } from '../command.ts';
import { EXIT, type ExitCode, usage } from '../exit.ts';
import { patience } from '../finish.ts';
import { follow } from '../follow.ts';
import { deploymentId } from '../lookup.ts';
import { jsonText } from '../terminal.ts';
import { exitOf, headOf, sayItGoesOn } from '../watch.ts';

/** By whole lines, so that no escape sequence is cut in two. */
async function sayLines(pieces: AsyncIterable<Uint8Array>, say: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of pieces) {
    rest += decoder.decode(piece, { stream: true });
    const end = rest.lastIndexOf('\n');
    if (end < 0) continue;
    say(rest.slice(0, end));
    rest = rest.slice(end + 1);
  }
  if (rest) say(rest);
}

/** As `--watch`: ends with the deployment, and says by the exit code how that ended. */
async function following(api: Client, id: string, invocation: Invocation): Promise<ExitCode> {
  const { terminal, json } = invocation;
  const minutes = patience(invocation);
  const kept: string[] = [];
  const say = (text: string) => {
    kept.push(json ? text : '');
    if (!json) terminal.say(text);
  };
  try {
    const detail = await follow(api, {
      ...{ id, job: invocation.text('job'), minutes, say, signal: terminal.signal },
    });
    if (json) terminal.say(jsonText({ deploymentId: id, status: detail.status, text: `${kept.join('\n')}\n` }));
    else terminal.note(kept.length > 0 ? headOf(detail) : `${headOf(detail)}. It has no log.`);
    return exitOf(detail);
  } catch (error) {
    sayItGoesOn(error, terminal, null);
    throw error;
  }
}

const logs: Command = {
  name: 'logs',
  usage: '<#n> [--job name] [--follow] [--timeout minutes]',
  says: 'the logs of a deployment’s jobs, as far as they are there; with --follow to its end',
  options: { job: { type: 'string' }, follow: { type: 'boolean', short: 'f' }, timeout: { type: 'string' } },
  async run(invocation) {
    const { terminal, json } = invocation;
    const follows = invocation.flag('follow');
    patience(invocation);
    if (!follows && invocation.text('timeout')) throw usage('--timeout goes with --follow.');
    const name = onlyPositional(invocation, 'one deployment, such as 12');
    const api = invocation.client();
    const id = await deploymentId(api, name);
    if (follows) return await following(api, id, invocation);
    const kept: string[] = [];
    const say = (text: string) => void (json ? kept.push(text) : terminal.say(text));
    await sayLines(api.pieces(`/deployments/${id}/logs`, { job: invocation.text('job') }), say);
    if (json) terminal.say(jsonText({ deploymentId: id, text: kept.map((text) => `${text}\n`).join('') }));
    return EXIT.ok;
  },
};

export const LOG_COMMANDS: readonly Command[] = [logs];
