import type { DeploymentDetail } from '@/lib/deployments/model/view';
import { isTerminal, STATUS_VIEW } from '../deployments/model/status.ts';
import { waitingSentence } from '../deployments/model/waiting.ts';
import { targetInSlugs } from '../targets/model/label.ts';
import type { Client } from './client.ts';
import type { Invocation } from './command.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { bearable, Feed, nextLook, type Pause } from './feed.ts';
import { jsonText, oneLine, type Terminal } from './terminal.ts';

export function headOf({ number, component, environment, label, revision, status }: DeploymentDetail): string {
  const what = `${targetInSlugs(component.slug, environment.slug, label)} at ${revision.sha.slice(0, 7)} (${revision.ref})`;
  return oneLine(`#${number} ${what}: ${STATUS_VIEW[status].label}`);
}

/** What else is worth a line in this status. */
export function detailsOf(detail: DeploymentDetail): string[] {
  const { failure, approval, gates, evidence, waitingFor, acceptedAt, status, supersededBy } = detail;
  const waiting = gates.filter((gate) => gate.state !== 'open').map((gate) => gate.sentence);
  const missing = approval ? approval.required - approval.given : 0;
  return [
    ...(supersededBy ? [`#${supersededBy.number} took its place before it was sent.`] : []),
    ...(failure ? [`${failure.step ? `${failure.step}: ` : ''}${failure.sentence}`] : []),
    ...waiting,
    ...(status === 'awaiting_approval' && missing > 0 ? [`${missing} more approvals are needed.`] : []),
    ...(waitingFor ? [waitingSentence(waitingFor)] : []),
    ...(status === 'verifying' && acceptedAt ? ['Accepted by the provider, not yet seen live.'] : []),
    ...(evidence && status === 'succeeded' ? [evidence.sentence] : []),
  ].map(oneLine);
}

export function exitOf(detail: DeploymentDetail): ExitCode {
  if (!isTerminal(detail.status) || detail.status === 'succeeded') return EXIT.ok;
  if (detail.status === 'timed_out') return EXIT.timedOut;
  return detail.status === 'rejected' || detail.status === 'superseded' ? EXIT.refused : EXIT.failed;
}

const linesOf = (detail: DeploymentDetail) => [headOf(detail), ...detailsOf(detail).map((line) => `  ${line}`)];

export const readDeployment = (client: Client, id: string) => client.get<DeploymentDetail>(`/deployments/${id}`);

/** One look, printed. */
export function show(detail: DeploymentDetail, { json, terminal }: Invocation, url: string): void {
  const lines = [...linesOf(detail), `  ${url}/deployments/${detail.id}`];
  terminal.say(json ? jsonText(detail) : lines.join('\n'));
}

/**
 * Follows a deployment to its end by the live feed, and by asking while the feed is silent. Ctrl-C and `minutes` end
 * the watching, never the deployment.
 */
export async function watch(client: Client, id: string, invocation: Invocation, minutes: number): Promise<ExitCode> {
  const { terminal, json } = invocation;
  const until = Date.now() + minutes * 60_000;
  const feed = new Feed(client, id, terminal.signal);
  let last = '';
  let detail: DeploymentDetail | null = null;
  try {
    for (;;) {
      const seen: DeploymentDetail | Pause = await readDeployment(client, id).catch(bearable);
      if ('id' in seen) {
        detail = seen;
        const now = linesOf(seen).join('\n');
        if (now !== last && !json) terminal.say(now);
        last = now;
        if (isTerminal(seen.status)) break;
      }
      const left = until - Date.now();
      if (left <= 0)
        throw new CliError(EXIT.timedOut, 'watch_timed_out', `Still not over after ${minutes} minutes; it goes on.`);
      await nextLook(feed, 'id' in seen ? null : seen, left, terminal.signal);
    }
  } catch (error) {
    sayItGoesOn(error, terminal, detail);
    throw error;
  } finally {
    feed.close();
  }
  if (json) terminal.say(jsonText(detail));
  return exitOf(detail);
}

export function sayItGoesOn(error: unknown, terminal: Terminal, detail: DeploymentDetail | null): void {
  if (!(error instanceof CliError) || error.exit !== EXIT.interrupted) return;
  const which = detail ? `#${detail.number}` : 'The deployment';
  const again = detail ? ` Watch it again: aetherstack status ${detail.number} --watch` : '';
  terminal.note(`${which} goes on; only the watching ended.${again}`);
}
