// The agent without its HTTP: apps, what they are asked for, and the tick that keeps things as they shall be.
import { App } from './app.mjs';
import { makeFolder } from './durable.mjs';
import { advance } from './pipeline.mjs';
import { Refusal } from './refusal.mjs';
import { inTurn, ownSupervisor, systemdSupervisor } from './supervisor.mjs';
import { endOthers, keepFront, keepLive, lookAtAddresses, Pause } from './upkeep.mjs';
import { dropParts } from './uploads.mjs';

const TICK_MS = 1_000;
/** How slowly a release, and the front, are started again and again. */
const SLOWEST = { live: 60_000, front: 15_000 };

/**
 * `gate` and `supervisor` are for tests.
 * @param {any} config
 * @param {{ now?: () => number, uptime?: () => number, gate?: (step: string, record: any) => Promise<void>, supervisor?: any }} [more]
 */
export function createAgent(config, more = {}) {
  const { now = Date.now, uptime, gate = async () => undefined, supervisor } = more;
  makeFolder(config.root);
  const supervising = inTurn(
    supervisor ?? (config.supervise === 'systemd' ? systemdSupervisor(config) : ownSupervisor(config)),
  );
  const apps = new Map();
  for (const settings of config.apps.values()) {
    const app = new App(config, settings, supervising);
    const pauses = { live: new Pause(SLOWEST.live), front: new Pause(SLOWEST.front) };
    Object.assign(app, { now, gate, pauses, sweptUntil: 0, work: Promise.resolve() });
    if (uptime) app.uptime = uptime;
    apps.set(app.name, app);
  }
  let timer = null;
  const tick = () => Promise.all([...apps.values()].map(settle));
  return {
    apps,
    /** Takes up what a former agent left, and keeps it up. */
    async open() {
      for (const app of apps.values()) takeUp(app);
      await tick();
      const again = async () => {
        await tick().catch(report);
        if (timer) timer = setTimeout(again, TICK_MS).unref();
      };
      timer = setTimeout(again, TICK_MS).unref();
    },
    tick,
    async close() {
      clearTimeout(timer);
      timer = null;
      for (const app of apps.values()) clearTimeout(app.later);
      await Promise.allSettled([...apps.values()].map((app) => app.settling));
    },
  };
}

function takeUp(app) {
  dropParts(app.folder('uploads'));
  const left = app.journal.current();
  if (!left) return;
  app.journal.say(left, `The agent was started again; it goes on with ${left.phase}.`);
  run(app, left);
}

/** Works on it in the background; `app.work` is for whoever waits. */
export function run(app, record) {
  app.stuck = null;
  app.work = advance(app, record)
    .catch((error) => {
      app.stuck = record.id;
      app.prune();
      throw error;
    })
    .then(() => swept(app))
    .catch(report)
    .finally(() => settleLater(app));
}

/** When the release before has answered what was under way. */
function settleLater(app) {
  clearTimeout(app.later);
  if (app.draining.size > 0) app.later = setTimeout(() => swept(app).catch(report), app.settings.drainMs + 10).unref();
}

/** What could not be done is tried again by the next tick, or by the next start. */
const report = (error) => process.stderr.write(`${error.stack}\n`);

/**
 * What is live runs, the front runs, and nothing else does for longer than it has to. Asked each second and after each
 * deployment; one at a time.
 */
export function settle(app) {
  app.settling = (app.settling ?? Promise.resolve()).catch(() => undefined).then(() => settleNow(app));
  return app.settling;
}

/** With a look for what is to end. */
function swept(app) {
  app.sweptUntil = 0;
  return settle(app);
}

async function settleNow(app) {
  const left = app.journal.current();
  // Its end could not be written, on a full disk for instance: it is taken up again.
  if (left && app.stuck === left.id) run(app, left);
  // What fails of these keeps nothing of the others back.
  for (const keep of [keepFront, keepLive, endOthers, cutLogs, lookAtAddresses])
    await Promise.resolve(app).then(keep).catch(report);
}

const cutLogs = (app) => app.cutLogs();

/** Asks for the end of something. What has ended, or is being switched, is refused. */
export function cancel(app, record) {
  if (record.finishedAt)
    throw new Refusal(409, 'already_finished', `${record.id} has ended (${record.phase}); there is nothing to cancel.`);
  if (record.phase === 'switching')
    throw new Refusal(409, 'too_late', 'It is being switched at this moment. Restore the release before it instead.');
  record.cancelRequested = true;
  app.journal.save(record);
  app.journal.say(record, 'Somebody asked to cancel it.');
  app.aborts.get(record.id)?.abort();
}
