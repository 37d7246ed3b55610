import type { History, Intent, ProviderRun, Verdict } from './history';

type Invariant = (history: History) => Verdict;

const verdict = (name: string, found: readonly string[], saw: string): Verdict => ({
  name,
  passed: found.length === 0,
  detail: found.length === 0 ? saw : `${found.length}: ${found.slice(0, 5).join(', ')}`,
});

const markerStem = (id: string) => `aether-${id.replace(/^dep_/, '')}-`;
const say = (intent: Intent | undefined) => (intent ? `#${intent.number} ${intent.status}` : 'of nobody');

/** Runs by the intent whose marker they carry; `undefined` holds those of nobody. */
function runsByIntent(history: History): Map<string | undefined, ProviderRun[]> {
  const byStem = new Map(history.intents.map((intent) => [markerStem(intent.id), intent.id]));
  const found = new Map<string | undefined, ProviderRun[]>();
  for (const run of history.runs) {
    const owner = byStem.get(run.marker?.replace(/\d+$/, '') ?? '');
    found.set(owner, [...(found.get(owner) ?? []), run]);
  }
  return found;
}

/** What ends so has never been sent. */
const NEVER_SENT = ['superseded', 'rejected'];
/** What ends so may have been sent or not; the attempts tell. */
const PERHAPS_SENT = ['cancelled', 'timed_out'];

/** Intents of which a request may have started a run. One that was refused, or proven absent, is back in the queue. */
const sentOf = (history: History) =>
  new Set(
    history.attempts.filter((each) => !['refused', 'absent'].includes(each.state)).map((each) => each.deploymentId),
  );

/** I1: an accepted intent that was sent has exactly one run, and it is the recorded one; what was not sent has none. */
export const oneRunEach: Invariant = (history) => {
  const runs = runsByIntent(history);
  const sent = sentOf(history);
  const wrong = history.intents.flatMap((intent) => {
    const own = runs.get(intent.id) ?? [];
    const { status, remoteId, providerId } = intent;
    const [one] = own;
    if (own.length > 1) return [`${say(intent)} doubled`];
    if (one && one.provider !== providerId) return [`${say(intent)} ran at ${one.provider}, not at ${providerId}`];
    if (one && remoteId !== null && remoteId !== one.id) return [`${say(intent)} records another run`];
    if (one && NEVER_SENT.includes(status)) return [`${say(intent)} ran`];
    // A person has been asked: that is not lost.
    const asked = intent.attention !== null;
    const mayHaveNone = asked || NEVER_SENT.includes(status) || (PERHAPS_SENT.includes(status) && !sent.has(intent.id));
    return own.length === 0 && !mayHaveNone ? [`${say(intent)} lost`] : [];
  });
  return verdict('I1 intents and runs are one to one', wrong, `${history.intents.length} intents`);
};

/** I2 */
export const noStrangers: Invariant = (history) => {
  const strangers = (runsByIntent(history).get(undefined) ?? []).map(({ id }) => id);
  return verdict('I2 no run without an intent', strangers, `${history.runs.length} runs`);
};

const RANK = ['awaiting_approval', 'queued', 'submitting', 'building', 'deploying', 'verifying'];
const rank = (status: string | null) =>
  status === null ? -1 : (RANK.indexOf(status) + RANK.length + 1) % (RANK.length + 1);

/** I3: each timeline is one unbroken chain that only goes forwards, and nothing follows an end. */
export const onlyForwards: Invariant = (history) => {
  const last = new Map<string, string>();
  const wrong: string[] = [];
  for (const event of history.events) {
    if (event.topic !== 'deployment' || !event.deploymentId || !event.to) continue;
    const before = last.get(event.deploymentId) ?? null;
    const broken = before !== null && event.from !== before;
    // Asked again: what waited had been approved under an older policy.
    // Back in the queue: nothing had started, and a gate had closed before it could be sent once more.
    const again =
      (before === 'queued' && event.to === 'awaiting_approval') ||
      (before === 'submitting' && event.kind === 'requeue');
    const backwards =
      before !== null &&
      !again &&
      event.to !== 'cancelling' &&
      before !== 'cancelling' &&
      rank(event.to) < rank(before);
    if (broken || backwards) wrong.push(`${event.deploymentId} ${before} then ${event.from} → ${event.to}`);
    last.set(event.deploymentId, event.to);
  }
  for (const intent of history.intents) {
    const seen = last.get(intent.id);
    if (seen && seen !== intent.status) wrong.push(`${say(intent)} but its timeline ends in ${seen}`);
  }
  return verdict('I3 every timeline only goes forwards', wrong, `${history.events.length} events`);
};

/** I4: by the order of commits, nothing is claimed between a freeze and its end, except what was let through. */
export const noClaimInFreeze: Invariant = (history) => {
  const overridden = new Set(history.intents.filter((each) => each.freezeOverride).map((each) => each.id));
  let frozen = 0;
  let windows = 0;
  const wrong: string[] = [];
  for (const event of history.events) {
    if (event.topic === 'freeze' && event.kind === 'create') {
      frozen += 1;
      windows += 1;
    }
    if (event.topic === 'freeze' && event.kind === 'end') frozen -= 1;
    const claimed = event.kind === 'claim' && event.deploymentId !== null;
    if (claimed && frozen > 0 && !overridden.has(event.deploymentId ?? '')) wrong.push(String(event.deploymentId));
  }
  return verdict('I4 nothing is claimed in a freeze', wrong, `${windows} freezes`);
};

/** Asked for anew since they were claimed: what was said until then counts no more, also for a run that surfaced late. */
function backInQueue(history: History): Set<string> {
  const last = new Map<string, string>();
  for (const { kind, deploymentId } of history.events)
    if (deploymentId && (kind === 'claim' || kind === 'requeue')) last.set(deploymentId, kind);
  return new Set([...last].filter(([, kind]) => kind === 'requeue').map(([id]) => id));
}

/** I5: what was claimed had its quorum: distinct people, none of them the requester, all for the same content. */
export const quorumFirst: Invariant = (history) => {
  const sent = sentOf(history);
  const runs = runsByIntent(history);
  const anew = backInQueue(history);
  const wrong = history.intents.flatMap((intent) => {
    const ran = runs.has(intent.id) && !anew.has(intent.id);
    if (!(sent.has(intent.id) || ran) || intent.needsApprovals === 0) return [];
    const given = history.approvals.filter(
      (each) =>
        each.deploymentId === intent.id &&
        each.decision === 'approve' &&
        !each.voided &&
        each.digest === intent.approvalDigest &&
        each.userId !== intent.requestedById,
    );
    const people = new Set(given.map((each) => each.userId)).size;
    return people < intent.needsApprovals ? [`${say(intent)} with ${people} of ${intent.needsApprovals}`] : [];
  });
  return verdict('I5 nothing is sent before its quorum', wrong, `${history.approvals.length} approvals`);
};

/** I6: one audit line for each accepted intent, and the chain over all lines is whole. */
export const audited: Invariant = (history) => {
  const lines = new Map<string, number>();
  for (const line of history.audit)
    if (line.action.startsWith('deployment.request.') && line.resourceId)
      lines.set(line.resourceId, (lines.get(line.resourceId) ?? 0) + 1);
  const wrong = history.intents.filter((intent) => lines.get(intent.id) !== 1).map(say);
  const chain = history.auditChain;
  if (chain && !chain.whole) wrong.push(`chain: ${chain.detail}`);
  const saw = `${history.audit.length} lines${chain ? `, chain ${chain.detail}` : ''}`;
  return verdict('I6 every intent is in the audit log', wrong, saw);
};

/** I7 */
export const keptWhatWasAcknowledged: Invariant = (history) => {
  const kept = new Set(history.inbox);
  const missing = history.acknowledged.filter((id) => !kept.has(id));
  return verdict('I7 every acknowledged delivery is kept', missing, `${history.acknowledged.length} acknowledged`);
};

/** Of the look-ups between the settle time and the question to a person. Seconds. */
const PATIENCE_SECONDS = 30;

/** I8: whose outcome is unknown for longer than the settle time and half a minute is shown to a person. */
export const nobodyForgotten: Invariant = (history) => {
  const latest = new Map(history.attempts.map((attempt) => [attempt.deploymentId, attempt]));
  const forgotten = history.intents.filter((intent) => {
    const attempt = latest.get(intent.id);
    const waiting = intent.status === 'submitting' || intent.status === 'cancelling';
    const long = (attempt?.ageSeconds ?? 0) > history.settleSeconds + PATIENCE_SECONDS;
    return waiting && attempt?.state === 'unknown' && long && intent.attention === null;
  });
  return verdict('I8 nothing stays unknown unseen', forgotten.map(say), `${latest.size} were sent`);
};

export const INVARIANTS = {
  I1: oneRunEach,
  I2: noStrangers,
  I3: onlyForwards,
  I4: noClaimInFreeze,
  I5: quorumFirst,
  I6: audited,
  I7: keptWhatWasAcknowledged,
  I8: nobodyForgotten,
} as const;

export function checkAll(history: History): Verdict[] {
  return Object.values(INVARIANTS).map((invariant) => invariant(history));
}
