import { namesInWords } from '@/lib/deployments/model/baked';
import type { Refusal } from '@/lib/kernel/errors';
import { adviceFor, unpassedSays } from './check-words';
import type { FreezeOverride, GateFacts, Hold } from './facts';
import type { GateKind, GateView } from './gate';
import type { Policy } from './policy';
import { preflight } from './preflight';

type Gate = (facts: GateFacts) => GateView | null;

function gate(kind: GateKind, state: GateView['state'], code: string, sentence: string): GateView {
  return { kind, state, code, sentence, until: null, overridable: false };
}

/** Every gate that was asked, in the order of GATE_KINDS. Button, API, action and worker all read this. */
export function gates(facts: GateFacts): GateView[] {
  return ORDER.map((ask) => ask(facts)).filter((view) => view !== null);
}

/** The refusal that a click, a request and a disabled button give. What is `waiting` lets them in. */
export function firstClosed(views: readonly GateView[]): Refusal | null {
  const closed = views.find((view) => view.state === 'closed');
  return closed ? { code: closed.code, sentence: closed.sentence } : null;
}

/** What the queue waits for. Who asked, approvals and age are decided elsewhere: they end or turn a deployment. */
export function firstHolding(views: readonly GateView[]): GateView | null {
  const holds: readonly GateKind[] = [
    'preflight',
    'lock',
    'freeze',
    'pin',
    'checks',
    'order',
    'soak',
    'checklist',
    'baked',
  ];
  return views.find((view) => view.state !== 'open' && holds.includes(view.kind)) ?? null;
}

const VERBS = { deploy: 'deploy', rollback: 'roll back', retry: 'retry', promote: 'promote' } as const;

const permission: Gate = ({ mayRequest, kind, environmentName }) => {
  const verb = VERBS[kind ?? 'deploy'];
  if (mayRequest) return gate('permission', 'open', 'permitted', `You may ${verb} in ${environmentName}.`);
  const sentence = `You may not ${verb} in ${environmentName}. An administrator can give you the operator role there.`;
  return gate('permission', 'closed', 'forbidden', sentence);
};

/** What to do instead where the credential is refused because its kind ended for everybody: a new one is no repair. */
function endedFor({ preflight: fact, now }: Pick<GateFacts, 'preflight' | 'now'>): string | null {
  if (!fact?.wayOut || fact.expiresAt === null || now === undefined) return null;
  return fact.expiresAt <= now ? fact.wayOut : null;
}

const connection: Gate = ({
  connection: { name, state, hasCredential, problem },
  canDeploy,
  providerLabel,
  ...facts
}) => {
  const closed = (code: string, sentence: string) => gate('connection', 'closed', code, sentence);
  if (!hasCredential) {
    const sentence = `The connection “${name}” has no credential. An administrator can enter one under Connections.`;
    return closed('no_credential', sentence);
  }
  if (state === 'failing') {
    const why = problem ? ` ${problem}` : '';
    const mend = endedFor(facts) ?? 'An administrator can repair it under Connections.';
    const sentence = `The connection “${name}” does not work.${why} ${mend}`;
    return closed('connection_failing', sentence);
  }
  if (canDeploy === false) {
    const sentence = `${providerLabel ?? 'This provider'} cannot start deployments. An administrator can bind the target to another connection.`;
    return closed('unsupported', sentence);
  }
  return gate('connection', 'open', 'connected', `The connection “${name}” works.`);
};

/** People end a reason with a full stop or not; a sentence has one. */
const plain = (reason: string) => reason.replace(/[.!?\s]+$/, '');

export function untilSays(until: string | null): string {
  return until ? ` It ends by itself at ${until.slice(0, 16).replace('T', ' ')} UTC.` : '';
}

const lock: Gate = ({ pins }) => {
  const held = pins.find((each) => each.kind === 'lock');
  if (!held) return gate('lock', 'open', 'not_locked', 'Nothing is locked.');
  const sentence = `Locked by ${held.by}: ${plain(held.reason)}.${untilSays(held.until)} ${held.by}, an approver or an administrator can lift it.`;
  return { ...gate('lock', 'closed', 'pinned_lock', sentence), until: held.until };
};

/** Freezes that an override does not cover. */
export function freezesHolding<H extends Hold>(
  pins: readonly H[],
  override: Pick<FreezeOverride, 'at'> | null | undefined,
): H[] {
  const frozen = pins.filter((each) => each.kind === 'freeze');
  return override ? frozen.filter((each) => each.since !== undefined && each.since > override.at) : frozen;
}

const freeze: Gate = ({ pins, freezeOverride }) => {
  const overridden = pins.find((each) => each.kind === 'freeze');
  if (!overridden) return gate('freeze', 'open', 'not_frozen', 'No freeze holds.');
  const [held] = freezesHolding(pins, freezeOverride);
  if (!held) {
    const sentence = `Frozen by ${overridden.by}: ${plain(overridden.reason)}. ${freezeOverride?.by} lets this one through: ${plain(freezeOverride?.reason ?? '')}.`;
    return gate('freeze', 'open', 'freeze_overridden', sentence);
  }
  const sentence = `Frozen by ${held.by}: ${plain(held.reason)}.${untilSays(held.until)} ${held.by} or an administrator can end it; an administrator can let one deployment through with a reason.`;
  return { ...gate('freeze', 'closed', 'pinned_freeze', sentence), until: held.until, overridable: true };
};

/** A roll-back passes the hold of another; a re-run only when it brings what is held. */
export function passesRollBack({ kind, sha }: Pick<GateFacts, 'kind' | 'sha'>, held: Pick<Hold, 'sha'>): boolean {
  return kind === 'rollback' || (kind === 'retry' && sha !== undefined && held.sha === sha);
}

const pin: Gate = ({ pins, ...what }) => {
  const held = pins.find((each) => each.kind === 'rollback');
  if (!held || passesRollBack(what, held)) return gate('pin', 'open', 'not_pinned', 'No roll-back holds the target.');
  const sentence = `Held after a roll-back by ${held.by}: ${plain(held.reason)}.${untilSays(held.until)} ${held.by}, an approver or an administrator can lift it.`;
  return { ...gate('pin', 'closed', 'pinned_rollback', sentence), until: held.until };
};

const age: Gate = ({ live, kind, sha }) => {
  if (!live || kind === 'rollback') return null;
  if (live.chosenIs !== 'older')
    return gate('age', 'open', 'not_older', `It is not older than #${live.number}, which is live.`);
  const chosen = sha ? `${sha.slice(0, 7)} is older than` : 'It is older than';
  const sentence = `${chosen} ${live.sha.slice(0, 7)}, which went live with #${live.number}. Roll back if you mean to go back.`;
  return gate('age', 'closed', 'older_than_live', sentence);
};

/** Who goes back, or runs again the failed jobs of what was let through, chooses no commit, and is in a hurry. */
export function asksChecks({ policy, kind }: { policy?: Pick<Policy, 'checks'> | null; kind?: GateFacts['kind'] }) {
  return (policy?.checks ?? 'ignore') !== 'ignore' && kind !== 'rollback' && kind !== 'retry';
}

/** A named check that did not fail, is over and has not passed. */
const UNPASSED = 'missing on this commit, was skipped, came out neutral or cannot be read';

const checks: Gate = ({ policy, checks: state, unpassed = [], environmentName, kind }) => {
  if (!policy || !asksChecks({ policy, kind }) || !state) return null;
  const named = policy.requiredChecks?.map(plain).join(', ');
  const holding = policy.checks === 'not_failing' ? unpassed.filter(({ stands }) => stands === 'failed') : unpassed;
  // What is read for lists has no names of its own; then all that count are said.
  const which = holding.length > 0 ? `: ${unpassedSays(holding)}` : named ? ` (it asks for ${named})` : '';
  if (state === 'failure') {
    const sentence = `Checks failed on this commit, and ${environmentName} does not take it so${which}. Choose another commit, or mend it.`;
    return gate('checks', 'closed', 'checks_failed', sentence);
  }
  if (state === 'success') {
    const sentence = named
      ? `The checks of this commit passed that ${environmentName} asks for (${named}).`
      : 'The checks of this commit passed.';
    return gate('checks', 'open', 'checks_passed', sentence);
  }
  if (policy.checks === 'not_failing') {
    const all = state === 'pending' ? 'Not all of them have finished' : `One is ${UNPASSED}`;
    const rest = `${unpassedSays(unpassed) || all}.`;
    const sentence = named
      ? `None of the checks failed that ${environmentName} asks for (${named}). ${rest}`
      : 'No check of this commit failed.';
    return gate('checks', 'open', 'checks_not_failing', sentence);
  }
  if (state === 'pending') {
    const sentence = `Checks of this commit have not finished, and ${environmentName} asks that they pass${which}. Wait until they have.`;
    return gate('checks', 'closed', 'checks_pending', sentence);
  }
  const one = holding.length > 0 ? 'has not passed' : `is ${UNPASSED}`;
  const sentence = named
    ? `A check that has to pass for ${environmentName} ${one}${which}. ${adviceFor(holding)}`
    : `This commit has no checks, and ${environmentName} asks that they pass. Choose a commit that was checked.`;
  return gate('checks', 'closed', 'checks_missing', sentence);
};

const order: Gate = ({ policy, order: fact, kind }) => {
  if (!policy?.afterEnvironmentId || !fact || kind === 'rollback') return null;
  const { proof, environment } = fact;
  if (proof) return gate('order', 'open', 'order_met', `It went live in ${environment} with #${proof.number}.`);
  const sentence = `This commit is not proven in ${environment}: it did not go live there, or was rolled back. Deploy it to ${environment} first.`;
  return gate('order', 'closed', 'order_unmet', sentence);
};

/** Time runs from when it went live, also while something newer stands on top of it; a roll-back ends it. */
const soak: Gate = (facts) => soakTime(facts) ?? soakHealth(facts);

/** Null: it does not apply, or its time is over and health is asked for as well. */
const soakTime: Gate = ({ policy, order: fact, kind, now }) => {
  if (!policy || policy.soakMinutes === 0 || !fact?.proof || kind === 'rollback' || now === undefined) return null;
  const over = Date.parse(fact.proof.since) + policy.soakMinutes * 60_000;
  const length = `${policy.soakMinutes} minute${policy.soakMinutes === 1 ? '' : 's'}`;
  if (over <= now)
    return policy.soakHealthy
      ? null
      : gate('soak', 'open', 'soaked', `It has been live in ${fact.environment} for ${length} or more.`);
  const until = new Date(over).toISOString();
  const sentence = `It has to be live in ${fact.environment} for ${length} first; it goes on by itself at ${until.slice(0, 16).replace('T', ' ')} UTC.`;
  return { ...gate('soak', 'waiting', 'soaking', sentence), until };
};

/** Silence opens nothing: only a verdict that says healthy does. */
const soakHealth: Gate = ({ policy, order: fact, kind, environmentName }) => {
  if (!policy?.soakHealthy || !fact?.proof || kind === 'rollback') return null;
  const { environment, proof } = fact;
  const word = proof.health?.verdict;
  const number = proof.health?.number ?? proof.number;
  if (word === 'healthy')
    return gate('soak', 'open', 'soaked_healthy', `#${number} was judged healthy in ${environment}.`);
  const asks = `${environmentName} asks that it is judged healthy in ${environment} first`;
  const closed = (code: string, why: string) => gate('soak', 'closed', code, `${asks}, and ${why}`);
  const change = `or have somebody change what ${environmentName} asks for.`;
  if (word === 'worse')
    return closed('soak_worse', `#${number} was found worse there. Mend it, or choose another commit.`);
  if (word === null && proof.health?.closed)
    return closed('soak_unjudged', `#${number} was never judged there. Deploy it there anew, ${change}`);
  if (proof.health?.closed) {
    const why = `#${number} came out inconclusive there. Deploy it there anew with more traffic, ${change}`;
    return closed('soak_inconclusive', why);
  }
  if (fact.isMeasured === false)
    return closed('soak_unmeasured', `nothing measures it there. Say on its target’s page what does, ${change}`);
  return gate('soak', 'waiting', 'soak_unjudged', `${asks}, and #${number} has no verdict yet: its window is open.`);
};

const checklist: Gate = ({ policy, ticked, environmentName }) => {
  if (!policy || policy.checklist.length === 0 || ticked === undefined) return null;
  const open = policy.checklist.filter((item) => !(ticked ?? []).includes(item));
  if (open.length === 0) return gate('checklist', 'open', 'checklist_done', 'Every item of the checklist is ticked.');
  const sentence = `The checklist of ${environmentName} has ${open.length} open item${open.length === 1 ? '' : 's'}, first: “${open[0]}”. Tick all of them where it is deployed, promoted, rolled back, switched or published, or on the page of the deployment that waits.`;
  return gate('checklist', ticked === null ? 'waiting' : 'closed', 'checklist_open', sentence);
};

/** A build brings its public values along; no word of anybody's lets those of another place through. */
const baked: Gate = ({ baked: fact, kind, environmentName }) => {
  if (!fact || kind !== 'promote') return null;
  const { state, from, names, leftOut = [] } = fact;
  const way = `Deploy its commit to ${environmentName} instead: that builds it with the values of ${environmentName}.`;
  if (state === 'differs') {
    const sentence = `The build has other public values than ${environmentName}: ${namesInWords(names)}. ${way}`;
    return gate('baked', 'closed', 'baked_differs', sentence);
  }
  if (state === 'unproven') {
    const sentence = `The build has public values of ${from} (${namesInWords(names)}), and of the last build for ${environmentName} none are recorded to compare them with. ${way}`;
    return gate('baked', 'closed', 'baked_unproven', sentence);
  }
  if (state === 'other_salt') {
    const sentence = `The public values in the build (${namesInWords(names)}) are recorded under another salt than those of ${environmentName}, so they cannot be compared. Give both builds the same AETHERSTACK_BAKED_SALT. ${way}`;
    return gate('baked', 'closed', 'baked_other_salt', sentence);
  }
  if (state === 'unread') {
    const sentence = `${environmentName} has public values of its own (${namesInWords(names)}), and which ones are in the build could not be read when it went live on ${from}. ${way}`;
    return gate('baked', 'closed', 'baked_unread', sentence);
  }
  const left = leftOut.length > 0 ? ` Not compared, as its build was told: ${namesInWords(leftOut)}.` : '';
  const says = {
    same: `The public values in the build are those of ${environmentName}.`,
    none: `The build has no public values ${left ? 'that are compared' : 'in it'}.`,
    unknown: 'Which public values are in the build is not known: no record of it was read when it went live.',
  };
  return gate('baked', 'open', `baked_${state}`, `${says[state]}${left}`);
};

const approval: Gate = ({ policy, approvals, environmentName }) => {
  if (!policy || policy.approvals === 0) return null;
  const missing = policy.approvals - (approvals?.given ?? 0);
  if (missing <= 0) {
    const all = people(policy.approvals);
    return gate('approval', 'open', 'approved', `${all[0]?.toUpperCase()}${all.slice(1)} approved it.`);
  }
  const who = missing === policy.approvals ? people(missing) : people(missing, 'more ');
  const sentence = `${environmentName} asks that ${who} approve${missing === 1 ? 's' : ''} it, not the one who asked.`;
  return gate('approval', 'waiting', 'approval_needed', sentence);
};

const people = (count: number, more = '') => (count === 1 ? `one ${more}person` : `${count} ${more}people`);

const ORDER: readonly Gate[] = [
  permission,
  connection,
  preflight,
  lock,
  freeze,
  pin,
  age,
  checks,
  order,
  soak,
  checklist,
  baked,
  approval,
];
