import { createHmac } from 'node:crypto';
import type { Scenario, SimulatorWorld } from '@/lib/providers/port';
import { jobPayload, type Payload, type Pushed, pushPayload, runPayload } from './payloads';
import { chance, guid } from './random';
import { reviewPayload } from './review-payload';
import type { State } from './state';
import { Timeline } from './timeline';
import type { Attempt, Gate, Hook, JobPlan, ReviewAnswer, Run } from './types';

/** A delivery as the hook's page lists it. */
export interface Delivery {
  id: number;
  guid: string;
  event: string;
  action: string | null;
  at: number;
  statusCode: number;
  redelivery: boolean;
  body: string;
}

type Due =
  | { kind: 'run'; run: Run; attempt: Attempt; action: 'requested' | 'in_progress' | 'completed' }
  | {
      kind: 'job';
      run: Run;
      attempt: Attempt;
      job: JobPlan;
      action: 'waiting' | 'queued' | 'in_progress' | 'completed';
    }
  | { kind: 'review'; run: Run; attempt: Attempt; gate: Gate; answer: ReviewAnswer | null }
  | { kind: 'push'; pushed: Pushed }
  | { kind: 'send'; hook: Hook; delivery: Delivery };

interface Outgoing {
  url: string;
  headers: Record<string, string>;
  body: string;
  deliveryId: string;
}

const KEPT = 500;
/** A hook delivered out of order comes up to this much later, in ms. */
const REORDER_MS = 4_000;

/** Turns what happens into signed deliveries, and lets the scenario lose, double, delay and reorder them. */
export class Deliveries {
  readonly #state: State;
  readonly #world: SimulatorWorld;
  readonly #seed: number;
  readonly #due = new Timeline<Due>();
  readonly #sent = new Map<number, Delivery[]>();
  /** What happened before this process began was delivered, or lost, by the one before. */
  readonly #since: number;
  #serial = 0;

  constructor(state: State, world: SimulatorWorld, seed: number) {
    this.#state = state;
    this.#world = world;
    this.#seed = seed;
    this.#since = world.now();
    state.onAttempt = (run, attempt) => this.#plan(run, attempt);
    state.onPush = (repo, ref, before, after, by, at) =>
      this.#due.add(at, { kind: 'push', pushed: { repo, ref, before, after, by, at } });
    state.fold(world.facts());
  }

  of(hook: number): readonly Delivery[] {
    return this.#sent.get(hook) ?? [];
  }

  settle(deliveryId: string, statusCode: number): void {
    for (const list of this.#sent.values()) {
      const found = list.find((one) => one.guid === deliveryId);
      if (found) found.statusCode = statusCode;
    }
  }

  /** The same delivery once more, under the same guid; false when there is none. */
  redeliver(hookId: number, id: number): boolean {
    const hook = this.#state.hooks.find((one) => one.id === hookId);
    const delivery = this.of(hookId).find((one) => one.id === id);
    if (!hook || !delivery) return false;
    this.#due.add(this.#world.now(), {
      kind: 'send',
      hook,
      delivery: { ...delivery, id: this.#nextId(), redelivery: true },
    });
    return true;
  }

  due(): Outgoing[] {
    const now = this.#world.now();
    const outgoing: Outgoing[] = [];
    for (let next = this.#due.take(now); next; next = this.#due.take(now)) {
      const { at, item } = next;
      if (item.kind === 'send') outgoing.push(this.#send(item.hook, item.delivery, now));
      else if (at > this.#since) this.#announce(item, at);
    }
    return outgoing;
  }

  #plan(run: Run, attempt: Attempt): void {
    const wasPlanned = attempt.version > 0;
    const after = Math.max(...[attempt.cancelledAt, attempt.replannedAt].map((at) => at ?? Number.NEGATIVE_INFINITY));
    const add = (at: number, due: Due) => {
      if (at > after) this.#due.add(at, due);
    };
    if (!wasPlanned) add(attempt.createdAt, { kind: 'run', run, attempt, action: 'requested' });
    add(attempt.startsAt, { kind: 'run', run, attempt, action: 'in_progress' });
    for (const job of attempt.jobs) this.#planJob(run, attempt, job, add);
    add(attempt.endsAt, { kind: 'run', run, attempt, action: 'completed' });
  }

  #planJob(run: Run, attempt: Attempt, job: JobPlan, add: (at: number, due: Due) => void): void {
    const isCarried = job.endsAt < attempt.createdAt;
    if (isCarried) return;
    if (job.gate) this.#planGate(run, attempt, job, job.gate, add);
    if (job.conclusion !== 'skipped') {
      add(job.gate?.opens ? job.gate.until : job.createdAt, { kind: 'job', run, attempt, job, action: 'queued' });
      if (job.steps.length) add(job.startedAt, { kind: 'job', run, attempt, job, action: 'in_progress' });
    }
    add(job.endsAt, { kind: 'job', run, attempt, job, action: 'completed' });
  }

  /** A job that waits says so, reviewers are asked for, and what they answer goes out when they have answered. */
  #planGate(run: Run, attempt: Attempt, job: JobPlan, gate: Gate, add: (at: number, due: Due) => void): void {
    if ((gate.environment.rules?.reviewers.length ?? 0) === 0 && !gate.opens) return;
    add(gate.since + 1, { kind: 'job', run, attempt, job, action: 'waiting' });
    if (!gate.environment.rules?.reviewers.length) return;
    add(gate.since + 1, { kind: 'review', run, attempt, gate, answer: null });
    const answer = attempt.answers.find((one) => one.environment === gate.environment.name);
    if (answer && attempt.replannedAt === answer.at)
      this.#due.add(answer.at + 1, { kind: 'review', run, attempt, gate, answer });
  }

  #payload(item: Exclude<Due, { kind: 'send' }>, at: number): Payload | null {
    if (item.kind === 'push') return pushPayload(item.pushed);
    const current = item.run.attempts[item.attempt.number - 1];
    if (current !== item.attempt) return null;
    if (item.kind === 'review') return reviewPayload(item.run, item.attempt, item.gate, item.answer, at);
    return item.kind === 'run'
      ? runPayload(item.run, item.attempt, item.action, at)
      : jobPayload(item.run, item.attempt, item.job, item.action, at);
  }

  #announce(item: Exclude<Due, { kind: 'send' }>, at: number): void {
    const payload = this.#payload(item, at);
    if (!payload) return;
    for (const hook of this.#state.hooks) {
      const wants =
        hook.active && hook.repo === payload.repo && (hook.events.includes('*') || hook.events.includes(payload.event));
      if (wants && hook.createdAt <= at) this.#enqueue(hook, payload, at);
    }
  }

  #enqueue(hook: Hook, payload: Payload, at: number): void {
    const id = this.#nextId();
    const delivery = {
      id,
      guid: guid('delivery', this.#seed, hook.id, id, at),
      event: payload.event,
      action: payload.action,
      at,
      statusCode: 0,
      redelivery: false,
      body: JSON.stringify(payload.body),
    };
    for (const delay of this.#fate(this.#world.scenario().webhooks, delivery.guid)) {
      this.#due.add(at + delay, { kind: 'send', hook, delivery });
    }
  }

  /** When the copies of a delivery go out, in ms from now; none when it is lost. */
  #fate(chaos: Scenario['webhooks'], id: string): number[] {
    if (chance('lose', id) < chaos.lose) return [];
    const copies = chance('double', id) < chaos.duplicate ? 5 : 1;
    return Array.from({ length: copies }, (_, copy) => {
      const late = chance('reorder', id, copy) < chaos.reorder ? chance('late', id, copy) * REORDER_MS : 0;
      return chaos.delayMs + late;
    });
  }

  #send(hook: Hook, delivery: Delivery, now: number): Outgoing {
    const list = this.#sent.get(hook.id) ?? [];
    this.#sent.set(hook.id, [{ ...delivery, at: now }, ...list].slice(0, KEPT));
    const signature =
      hook.secret === null ? null : createHmac('sha256', hook.secret).update(delivery.body).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/aether1',
      accept: '*/*',
      'x-github-delivery': delivery.guid,
      'x-github-event': delivery.event,
      'x-github-hook-id': String(hook.id),
      'x-github-hook-installation-target-id': String(this.#state.repos.get(hook.repo)?.id ?? 0),
      'x-github-hook-installation-target-type': 'repository',
      ...(signature === null ? {} : { 'x-hub-signature-256': `sha256=${signature}` }),
    };
    return { url: hook.url, headers, body: delivery.body, deliveryId: delivery.guid };
  }

  #nextId(): number {
    return 1_700_000_000_000 + ++this.#serial;
  }
}
