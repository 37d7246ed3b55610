import type { RemoteGateView } from '@/lib/gates/model/remote-gate';
import type { RemoteRulesView } from '@/lib/gates/model/remote-rules';
import type { ApprovalPacket } from '@/lib/gates/model/view';
import { gateWords } from '../../gates/model/held-by.ts';
import { remoteRules } from '../../gates/model/remote-rules.ts';
import { withLabel } from '../../targets/model/label.ts';
import type { Client } from '../client.ts';
import { type Command, type Invocation, onlyPositional, required } from '../command.ts';
import { CliError, EXIT, usage } from '../exit.ts';
import { deploymentId } from '../lookup.ts';
import { jsonText, oneLine } from '../terminal.ts';
import { readDeployment, show } from '../watch.ts';

function packageLines(published: ApprovalPacket['package']): string[] {
  if (!published) return [];
  const { id, extension, version, platform, warnings } = published;
  const on = platform === 'universal' ? '' : ` for ${platform}`;
  return [
    `  package   ${extension} ${version}${on}, sha256 ${id}`,
    ...(warnings ?? []).map(({ sentence, path }) => `            ! ${sentence}${path ? ` (${path})` : ''}`),
  ];
}

const CHECK_WORDS = { success: 'passed', failure: 'failed', pending: 'running', none: 'none' } as const;

/** Where they are named, none is one that is missing, say; an older console names nothing. */
function checksSay({ checks, checksProblem, requiredChecks: names = [] }: ApprovalPacket): string {
  const counted = names.length > 0 ? ` (counted: ${names.join(', ')})` : '';
  if (!checks) return `${checksProblem ?? ''}${counted}`;
  return `${counted && checks === 'none' ? 'not all passed' : CHECK_WORDS[checks]}${counted}`;
}

/** What the decision is about, as on the approval page. */
export function packetLines(packet: ApprovalPacket): string[] {
  const { deployment: d, commits, inputs, checklist, gates } = packet;
  const given = Object.entries(inputs).map(([name, value]) => `${name}=${value}`);
  const closed = gates.filter((gate) => gate.state !== 'open');
  return [
    `#${d.number} ${d.kind} of ${d.component.name} to ${withLabel(d.environment.name, d.label)}`,
    `  by        ${d.requestedBy.name}, ${d.requestedAt}${d.reason ? `: ${d.reason}` : ''}`,
    `  commit    ${d.sha.slice(0, 12)} (${d.ref}) ${d.message.split('\n')[0]} – ${d.author}`,
    `  checks    ${checksSay(packet)}`,
    `  live now  ${packet.live ? `#${packet.live.number} ${packet.live.sha.slice(0, 7)}` : 'nothing'}; ${packet.health.sentence}`,
    ...(packet.verdict ? [`  health    ${packet.verdict.why}`] : []),
    ...(commits ? [`  commits   ${commits.totalIncluded} come, ${commits.totalLeaving} leave`] : []),
    ...(packet.commitsProblem ? [`  commits   ${packet.commitsProblem}`] : []),
    ...(commits?.included ?? [])
      .slice(0, 20)
      .map((commit) => `            + ${commit.sha.slice(0, 7)} ${commit.message.split('\n')[0]}`),
    ...(commits?.leaving ?? [])
      .slice(0, 20)
      .map((commit) => `            - ${commit.sha.slice(0, 7)} ${commit.message.split('\n')[0]}`),
    ...packageLines(packet.package),
    `  inputs    ${given.join(', ') || 'none'}`,
    ...(packet.workflow ? [`  workflow  ${packet.workflow.path} (${packet.workflow.digest.slice(0, 12)})`] : []),
    ...(packet.configNames.length > 0 ? [`  settings  ${packet.configNames.join(', ')}`] : []),
    ...checklist.map(({ item, ticked }) => `  [${ticked ? 'x' : ' '}] ${item}`),
    ...closed.map((gate) => `  ${gate.kind}: ${gate.sentence}`),
    `  back      ${packet.rollBack.sentence}`,
    `  approvals ${packet.given} of ${packet.required}`,
  ].map(oneLine);
}

/** What the provider asks for besides, or that it holds the run already; nothing where it cannot be read. */
async function remoteLines(api: Client, id: string, packet: ApprovalPacket): Promise<string[]> {
  const { targetId, refKind, inputs, deployment } = packet;
  const [rules, gate] = await Promise.all([
    api.get<RemoteRulesView>(`/targets/${targetId}/rules?ref=${encodeURIComponent(deployment.ref)}`).catch(() => null),
    api.get<{ held: RemoteGateView | null }>(`/deployments/${id}/gate`).catch(() => null),
  ]);
  const asked = rules ? remoteRules(rules, { ref: deployment.ref, refKind, inputs }) : [];
  const held = gate?.held;
  return [
    ...asked.map(({ sentence }) => `  besides   ${sentence}`),
    ...(held?.gates ?? []).map((each) => `  held      ${gateWords(each)}`),
    ...(held
      ? [
          `  held      ${held.providerLabel} waits for people since ${held.since}: answer at ${api.url}/deployments/${id}`,
        ]
      : []),
    ...(held?.notApproved ? [`  held      ${held.notApproved.sentence}`] : []),
  ].map(oneLine);
}

async function decide(invocation: Invocation, decision: 'approve' | 'reject') {
  const reason =
    decision === 'reject' ? required(invocation, 'reason', 'why, in a few words') : invocation.text('reason');
  const { terminal, json } = invocation;
  const api = invocation.client();
  const id = await deploymentId(api, onlyPositional(invocation, 'one deployment, such as 12'));
  const packet = await api.get<ApprovalPacket>(`/deployments/${id}/approval`);
  const asks = !invocation.flag('yes');
  // Nobody is asked about what they were not shown, whatever becomes of standard output.
  if (!json || asks) terminal.note([...packetLines(packet), ...(await remoteLines(api, id, packet))].join('\n'));
  if (packet.refusal) throw new CliError(EXIT.refused, packet.refusal.code, packet.refusal.sentence);
  if (asks) {
    if (!terminal.interactive) throw usage(`Nobody can be asked here. Add --yes to ${decision} what was shown.`);
    const said = await terminal.ask(`${decision === 'approve' ? 'Approve' : 'Reject'} this? [y/N] `);
    if (!/^y(?:es)?$/i.test(said.trim())) throw new CliError(EXIT.refused, 'not_confirmed', 'Nothing was decided.');
  }
  // The digest of what was shown: if anything changed since, the console refuses.
  const answer = await api.change<object>('POST', `/deployments/${id}/${decision}`, {
    digest: packet.digest,
    ...(reason ? { reason } : {}),
  });
  if (json) terminal.say(jsonText(answer));
  else show(await readDeployment(api, id), invocation, api.url);
  return EXIT.ok;
}

async function tick(invocation: Invocation) {
  const items = invocation.list('check');
  if (items.length === 0) throw usage("Name what was done with --check 'item', once for each item.");
  const api = invocation.client();
  const id = await deploymentId(api, onlyPositional(invocation, 'one deployment, such as 12'));
  const answer = await api.change<{ open: number }>('POST', `/deployments/${id}/tick`, { items });
  const left = answer.open === 0 ? 'every item is ticked' : `${answer.open} open`;
  invocation.terminal.say(invocation.json ? jsonText(answer) : `Ticked: ${left}`);
  return EXIT.ok;
}

const options = { reason: { type: 'string' }, yes: { type: 'boolean', short: 'y' } } as const;

export const APPROVAL_COMMANDS: readonly Command[] = [
  {
    name: 'approve',
    usage: '<#n> [--reason …] [--yes]',
    says: 'show what is to go live, ask, and approve exactly that',
    options,
    run: (invocation) => decide(invocation, 'approve'),
  },
  {
    name: 'reject',
    usage: '<#n> --reason … [--yes]',
    says: 'the same, and reject it',
    options,
    run: (invocation) => decide(invocation, 'reject'),
  },
  {
    name: 'tick',
    usage: "<#n> --check 'item' …",
    says: 'tick items of the checklist on a deployment that waits',
    options: { check: { type: 'string', multiple: true } },
    run: tick,
  },
];
