import type { PromotionPlan } from '@/lib/deployments/model/promotion';
import type { RollBackPlan } from '@/lib/deployments/model/roll-back';
import type { Triggered } from '@/lib/deployments/model/schemas';
import type { ComposerPlan, ComposerStart, DeploymentSummary } from '@/lib/deployments/model/view';
import type { RenderingMode } from '@/lib/rendering/model/mode';
import { targetInSlugs } from '../../targets/model/label.ts';
import type { Client } from '../client.ts';
import { type Command, type Invocation, onlyPositional, required } from '../command.ts';
import { CliError, EXIT, type ExitCode, usage } from '../exit.ts';
import { finish, forWatching, patience } from '../finish.ts';
import { forTheGates, gatesOf } from '../gates.ts';
import { deploymentId, targetOf } from '../lookup.ts';
import { modeFrom, switchTo } from '../switch.ts';
import { jsonText, oneLine } from '../terminal.ts';
import { readDeployment, show, watch } from '../watch.ts';

/** `name=value`; the console checks the values against the workflow's own form. */
function inputsFrom(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw usage(`--input takes name=value, not “${pair}”.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

const deploy: Command = {
  name: 'deploy',
  usage:
    '<component>/<environment> [--ref main] [--sha …] [--input k=v]… [--rendering ssr|ssg] [--reason …] [--check item]… [--watch]',
  says: 'deploy a branch, a tag or a commit of one',
  options: {
    ref: { type: 'string' },
    sha: { type: 'string' },
    input: { type: 'string', multiple: true },
    rendering: { type: 'string' },
    reason: { type: 'string' },
    ...forTheGates,
    ...forWatching,
  },
  async run(invocation) {
    // What is wrong with the command line is said before anything is asked, let alone done.
    patience(invocation);
    const inputs = inputsFrom(invocation.list('input'));
    const mode = modeFrom(invocation);
    const name = onlyPositional(invocation, 'a target: component/environment');
    const api = invocation.client();
    const { targetId } = await targetOf(api, name);
    if (mode !== undefined) return await switched(api, invocation, { targetId, mode, inputs });
    const start = await api.get<ComposerStart>(`/targets/${targetId}/composer`);
    const ref = invocation.text('ref') ?? start.settings.defaultRef;
    const plan = await api.get<ComposerPlan>(`/targets/${targetId}/plan`, { ref, sha: invocation.text('sha') });
    // Without a head the provider could not be read: what is sent would be a guess.
    const { refusal } = plan.gate;
    if (plan.head === null && refusal) throw new CliError(EXIT.refused, refusal.code, refusal.sentence);
    const made = await api.change<Triggered>('POST', '/deployments', {
      targetId,
      revision: plan.revision,
      inputs,
      reason: invocation.text('reason') ?? '',
      ...gatesOf(invocation),
    });
    return await finish(api, made, invocation);
  },
};

/** Without a ref it is what is live, built anew in the other mode. */
async function switched(
  api: Client,
  invocation: Invocation,
  { targetId, mode, inputs }: { targetId: string; mode: RenderingMode; inputs: Record<string, string> },
): Promise<ExitCode> {
  const [ref, sha] = [invocation.text('ref'), invocation.text('sha')];
  if (ref === undefined && sha !== undefined) throw usage('--sha needs the --ref that it is on.');
  const plan = ref === undefined ? null : await api.get<ComposerPlan>(`/targets/${targetId}/plan`, { ref, sha });
  // A commit alone is looked up on the default branch.
  const looked = sha === undefined ? plan?.revision.ref : `${ref}@${sha}`;
  const body = {
    revision: plan?.revision ?? null,
    inputs: Object.keys(inputs).length > 0 ? inputs : null,
    reason: invocation.text('reason') ?? '',
    ...gatesOf(invocation),
  };
  const made = await switchTo(api, invocation, { targetId, mode, ref: looked, body });
  return await finish(api, made, invocation);
}

/** The one that `--to` names, else the likeliest way back: what counts as live, where something else is there, or what no roll-back left. */
async function goal(api: Client, targetId: string, to: string | undefined): Promise<string> {
  if (to !== undefined) return await deploymentId(api, to);
  const { candidates } = await api.get<RollBackPlan>(`/targets/${targetId}/roll-back`);
  if (candidates[0]) return candidates[0].id;
  throw new CliError(EXIT.notFound, 'nothing_earlier', 'There is no earlier success of this target to go back to.');
}

const rollback: Command = {
  name: 'rollback',
  usage: '<component>/<environment> [--to #n] --reason … [--check item]… [--watch]',
  says: 'go back to an earlier success, and hold the target there',
  options: { to: { type: 'string' }, reason: { type: 'string' }, ...forTheGates, ...forWatching },
  async run(invocation) {
    const reason = required(invocation, 'reason', 'why, in a few words');
    patience(invocation);
    const api = invocation.client();
    const { targetId } = await targetOf(api, onlyPositional(invocation, 'a target: component/environment'));
    const toDeploymentId = await goal(api, targetId, invocation.text('to'));
    const plan = await api.get<RollBackPlan>(`/targets/${targetId}/roll-back`, { toDeploymentId });
    const { chosen } = plan;
    if (chosen && !invocation.json) {
      const { deployment, says, totalLeaving, sideEffects } = chosen;
      invocation.terminal.note(oneLine(`Back to #${deployment.number} (${deployment.version}): ${says}`));
      if (plan.currentOffered && deployment.id === plan.current?.id)
        invocation.terminal.note(oneLine(plan.currentOffered));
      if (plan.onItsWay) invocation.terminal.note(oneLine(plan.onItsWay.says));
      if (totalLeaving > 0) invocation.terminal.note(`${totalLeaving} commits that are live now will not be.`);
      for (const effect of sideEffects) invocation.terminal.note(oneLine(`- ${effect}`));
    }
    const body = { toDeploymentId, reason, ...gatesOf(invocation) };
    const made = await api.change<Triggered>('POST', `/targets/${targetId}/roll-back`, body);
    return await finish(api, made, invocation);
  },
};

/** The newest build that is live elsewhere, or the one that `--from` names. */
async function buildFor(api: Client, targetId: string, from: string | undefined): Promise<string> {
  if (from !== undefined) return await deploymentId(api, from);
  const { candidates } = await api.get<PromotionPlan>(`/targets/${targetId}/promotion`);
  if (candidates[0]) return candidates[0].id;
  throw new CliError(
    EXIT.notFound,
    'nothing_to_promote',
    'No build that is live elsewhere can be served on this target.',
  );
}

const promote: Command = {
  name: 'promote',
  usage: '<component>/<environment> [--from #n] [--reason …] [--check item]… [--watch]',
  says: 'serve a build that went live elsewhere, as it is',
  options: { from: { type: 'string' }, reason: { type: 'string' }, ...forTheGates, ...forWatching },
  async run(invocation) {
    patience(invocation);
    const api = invocation.client();
    const { targetId } = await targetOf(api, onlyPositional(invocation, 'a target: component/environment'));
    const fromDeploymentId = await buildFor(api, targetId, invocation.text('from'));
    const { chosen } = await api.get<PromotionPlan>(`/targets/${targetId}/promotion`, { fromDeploymentId });
    if (chosen && !invocation.json) {
      const { deployment, says, sideEffects } = chosen;
      invocation.terminal.note(oneLine(`#${deployment.number} (${deployment.version}): ${says}`));
      for (const effect of sideEffects) invocation.terminal.note(oneLine(`- ${effect}`));
    }
    const body = { fromDeploymentId, reason: invocation.text('reason') ?? '', ...gatesOf(invocation) };
    const made = await api.change<Triggered>('POST', `/targets/${targetId}/promote`, body);
    return await finish(api, made, invocation);
  },
};

const status: Command = {
  name: 'status',
  usage: '[#n] [--watch] [--timeout minutes]',
  says: 'how a deployment stands; without a number, everything that is under way',
  options: forWatching,
  async run(invocation) {
    const minutes = patience(invocation);
    const api = invocation.client();
    if (invocation.positionals.length === 0) return await overview(api, invocation);
    const id = await deploymentId(api, onlyPositional(invocation, 'one deployment, such as 12'));
    if (invocation.flag('watch')) return await watch(api, id, invocation, minutes);
    show(await readDeployment(api, id), invocation, api.url);
    return EXIT.ok;
  },
};

async function overview(api: Client, { terminal, json, flag }: Invocation): Promise<ExitCode> {
  if (flag('watch')) throw usage('Say which deployment to watch, such as 12.');
  const now = await api.get<{
    headline: { sentence: string };
    inFlight: Pick<DeploymentSummary, 'number' | 'status' | 'component' | 'environment' | 'label'>[];
  }>('/now');
  if (json) terminal.say(jsonText(now));
  else {
    terminal.say(oneLine(now.headline.sentence));
    for (const { number, component, environment, label, status: state } of now.inFlight)
      terminal.say(oneLine(`#${number} ${targetInSlugs(component.slug, environment.slug, label)}: ${state}`));
  }
  return EXIT.ok;
}

const ending = (name: 'cancel' | 'stop-waiting', says: string): Command => ({
  ...{ name, says, usage: '<#n>', options: {} },
  async run(invocation) {
    const api = invocation.client();
    const id = await deploymentId(api, onlyPositional(invocation, 'one deployment, such as 12'));
    await api.change('POST', `/deployments/${id}/${name}`);
    show(await readDeployment(api, id), invocation, api.url);
    return EXIT.ok;
  },
});

const cancel = ending('cancel', 'cancel a deployment');
const stopWaiting = ending(
  'stop-waiting',
  'wait no longer for the check whether a deployment is live, or for what does not stop or cannot be cancelled; it ends as failed or timed out',
);

export const DEPLOY_COMMANDS: readonly Command[] = [deploy, status, promote, rollback, cancel, stopWaiting];
