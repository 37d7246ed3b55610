// The agent without its HTTP: apps, what they are asked for, and the tick that keeps things as they shall be.
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { App } from './app.mjs';
import { dropParts } from './artifacts.mjs';
import { makeFolder } from './durable.mjs';
import { advance } from './pipeline.mjs';
import { Refusal } from './refusal.mjs';
import { ownSupervisor, systemdSupervisor } from './supervisor.mjs';

const TICK_MS = 1_000;
const SLOWEST_RESTART_MS = 60_000;

/**
 * `gate` and `supervisor` are for tests.
 * @param {any} config
 * @param {{ now?: () => number, gate?: (step: string, record: any) => Promise<void>, supervisor?: any }} [more]
 */
export function createAgent(config, more = {}) {
  const { now = Date.now, gate = async () => undefined, supervisor } = more;
  makeFolder(config.root);
  const supervising =
    supervisor ?? (config.supervise === 'systemd' ? systemdSupervisor(config) : ownSupervisor(config));
  const apps = new Map();
  for (const settings of config.apps.values()) {
    const app = new App(config, settings, supervising);
    Object.assign(app, { now, gate, work: Promise.resolve(), restarts: { count: 0, notBefore: 0 } });
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
    .then(() => settle(app))
    .catch(report)
    .finally(() => settleLater(app));
}

/** When the release before has answered what was under way. */
function settleLater(app) {
  clearTimeout(app.later);
  if (app.draining.size > 0) app.later = setTimeout(() => settle(app).catch(report), app.settings.drainMs + 10).unref();
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

async function settleNow(app) {
  const { supervisor } = app;
  const left = app.journal.current();
  // Its end could not be written, on a full disk for instance: it is taken up again.
  if (left && app.stuck === left.id) run(app, left);
  const current = app.current();
  const now = app.now();
  if (current && !(await supervisor.isRunning(app, current)) && now >= app.restarts.notBefore) {
    // Each restart within a minute waits twice as long.
    app.restarts.count += 1;
    app.restarts.notBefore = now + Math.min(SLOWEST_RESTART_MS, 1_000 * 2 ** app.restarts.count);
    await supervisor.start(app, current);
  } else if (now > app.restarts.notBefore + SLOWEST_RESTART_MS) app.restarts.count = 0;
  if (!(await supervisor.front.isRunning(app))) await supervisor.front.start(app);
  const wanted = app.wanted(now);
  const all = app.journal
    .all()
    .filter(({ kind }) => kind === 'deploy')
    .map(({ id }) => id);
  for (const release of await supervisor.listed(
    app,
    all.filter((id) => !wanted.has(id)),
  )) {
    await supervisor.stop(app, release);
  }
  for (const [id, until] of app.draining) if (until <= now) app.draining.delete(id);
}

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

/**
 * One agent a folder: two would each undo what the other does. An abstract socket ends with its process, so that a kill
 * leaves no lock behind; elsewhere than on Linux the port alone keeps a second one out.
 */
export function onlyOne(root) {
  if (process.platform !== 'linux') return Promise.resolve(null);
  const name = createHash('sha256').update(root).digest('hex').slice(0, 32);
  const lock = createServer();
  return new Promise((resolve, reject) => {
    lock.once('error', () => reject(new Error(`Another agent works in ${root} already. Stop it first.`)));
    lock.listen(`\0aetherstack-agent-${name}`, () => resolve(lock.unref()));
  });
}
