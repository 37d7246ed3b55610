// What is live runs, the front runs, and nothing else does for longer than it has to.
import { askFront } from './front-proof.mjs';

const FIRST_MS = 1_000;
const SWEEP_MS = 15_000;
const ADDRESSES_MS = 60_000;

/** Each start within a minute waits twice as long as the one before, up to `slowestMs`. Times are of `app.uptime`. */
export class Pause {
  #count = 0;
  #notBefore = 0;

  constructor(slowestMs) {
    this.slowestMs = slowestMs;
  }

  /** Whether it may be tried now; whoever is told yes tries. */
  isOver(now) {
    if (now < this.#notBefore) return false;
    this.#count += 1;
    this.#notBefore = now + Math.min(this.slowestMs, FIRST_MS * 2 ** this.#count);
    return true;
  }

  /** It runs; after a minute of that nothing is held against it. */
  rest(now) {
    if (now > this.#notBefore + 60_000) this.reset();
  }

  reset() {
    this.#count = 0;
    this.#notBefore = 0;
  }
}

/** Its port may be another program's: then it ends at once and is tried again, ever more slowly. */
export async function keepFront(app) {
  const { front } = app.supervisor;
  const isRunning = await front.isRunning(app);
  if (isRunning && !front.isStale?.(app)) return app.pauses.front.rest(app.uptime());
  if (!app.pauses.front.isOver(app.uptime())) return;
  if (isRunning) await front.stop(app);
  await front.start(app);
}

export async function keepLive(app) {
  const current = app.current();
  if (!current) return;
  if (await app.supervisor.isRunning(app, current)) return app.pauses.live.rest(app.uptime());
  if (!app.pauses.live.isOver(app.uptime())) return;
  // Children that it left would hold what it needs.
  await app.supervisor.stop(app, current);
  await app.supervisor.start(app, current);
}

/** Whether each of its addresses leads here, asked from here over https as a visitor would. In the background. */
export function lookAtAddresses(app) {
  if (!app.config.askAddresses || app.uptime() < app.addressesAt) return;
  app.addressesAt = app.uptime() + ADDRESSES_MS;
  for (const name of app.settings.addresses) {
    const asked = askFront({ host: name, port: 443, tls: true }, app.front.key(), { ...app.settings, trusted: true });
    asked.then((leadsHere) => app.leadsHere.set(name, leadsHere)).catch(() => undefined);
  }
}

/** After each deployment, and now and then: a look at every process of the machine is not cheap. */
export async function endOthers(app) {
  for (const [id, until] of app.draining) if (until <= app.uptime()) app.draining.delete(id);
  if (app.uptime() < app.sweptUntil) return;
  app.sweptUntil = app.uptime() + SWEEP_MS;
  const all = app.journal.all().filter(({ kind }) => kind === 'deploy');
  const ids = all.map(({ id }) => id).filter((id) => !app.wanted().has(id));
  for (const release of await app.supervisor.listed(app, ids)) {
    // Somebody may have asked for it meanwhile.
    if (!app.wanted().has(release)) await app.supervisor.stop(app, release);
  }
}
