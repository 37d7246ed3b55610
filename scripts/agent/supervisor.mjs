// How releases are kept running: by the agent itself, or by systemd with a unit that the agent wrote.
import { execFile } from 'node:child_process';
import { askFront } from './front-proof.mjs';
import { freePort, inUnit, isListener, isUp, marked, marks, start, stop } from './processes.mjs';
import { instanceOf } from './units.mjs';

const FRONT_FIELDS = ['host', 'port', 'tls', 'limits'];

/** Processes of the agent's own making. They go on without it and are found again by their mark. */
export function ownSupervisor(config) {
  const mark = (app, release) => `${app.home}#${release}`;
  return {
    isRunning: (app, release) => isUp(mark(app, release)),
    /** Whether the port is answered by the release itself; null where that cannot be told. */
    listens: (app, release, port) => isListener(marked(mark(app, release)), port),
    async start(app, release) {
      const plan = app.planRun(release, await freePort());
      const place = { mark: mark(app, release), logFile: app.folder('logs', `${release}.log`), cwd: app.home };
      start(config.node, 'run.mjs', [app.home, release], place);
      return plan;
    },
    stop: (app, release) => stop(mark(app, release), app.settings.graceMs),
    /** Releases of the app of which anything runs, wanted or not. */
    async listed(app, releases) {
      const running = marks();
      return releases.filter((release) => running.has(mark(app, release)));
    },
    front: ownFront(config, mark),
  };
}

function ownFront(config, mark) {
  const settingsOf = ({ settings }) => Object.fromEntries(FRONT_FIELDS.map((name) => [name, settings.front[name]]));
  return {
    isRunning: (app) => isUp(mark(app, 'front')),
    /** It was started with other settings, or by an agent that did not write them down. */
    isStale: (app) => JSON.stringify(app.front.started() ?? null) !== JSON.stringify(settingsOf(app)),
    /** What answers visitors is this app's front; with a release, that release answers well through it. */
    isUp: (app, release) => askFront(settingsOf(app), app.front.key(), { ...app.settings, release }),
    start(app) {
      app.front.plan(settingsOf(app));
      const place = { mark: mark(app, 'front'), logFile: app.folder('logs', 'front.log'), cwd: app.home };
      start(config.node, 'front.mjs', [app.home], place);
    },
    stop: (app) => stop(mark(app, 'front'), app.settings.graceMs),
  };
}

/** `is-active` and its like: 0 yes, 3 no, 4 not known. Anything else, a limit of time too, is no answer. */
const ANSWERS = new Map([
  [0, true],
  [3, false],
  [4, false],
]);

/** Instances of the template unit `aetherstack-<app>@.service` of this user; fronts stay with the agent. */
export function systemdSupervisor(config, command = 'systemctl') {
  const systemctl = (...args) =>
    new Promise((resolve) => {
      execFile(command, ['--user', ...args], { timeout: 30_000 }, (error, stdout) => {
        resolve({ code: error ? error.code : 0, stdout });
      });
    });
  const must = async (verb, unit) => {
    const { code } = await systemctl(verb, unit);
    if (code !== 0) throw new Error(`systemctl ${verb} ${unit} failed (${code}).`);
  };
  return {
    async isRunning(app, release) {
      const unit = instanceOf(app.name, release);
      const { code } = await systemctl('is-active', unit);
      if (ANSWERS.has(code)) return ANSWERS.get(code);
      throw new Error(`systemctl does not say whether ${unit} runs (${code}).`);
    },
    listens: (app, release, port) => isListener(inUnit(instanceOf(app.name, release)), port),
    /** Ended first: `start` does nothing to a unit that is active, and its port would be another than the planned one. */
    async start(app, release) {
      const unit = instanceOf(app.name, release);
      await systemctl('stop', unit);
      const plan = app.planRun(release, await freePort());
      await systemctl('reset-failed', unit);
      await must('start', unit);
      return plan;
    },
    stop: (app, release) => must('stop', instanceOf(app.name, release)),
    /** One question for all of them. */
    async listed(app, releases) {
      const { stdout } = await systemctl('list-units', '--plain', '--no-legend', instanceOf(app.name, '*'));
      const loaded = new Set(stdout.split('\n').map((line) => line.trim().split(/\s+/)[0]));
      return releases.filter((release) => loaded.has(instanceOf(app.name, release)));
    },
    front: ownSupervisor(config).front,
  };
}

/** Starts and stops of one release one after another. One that is being ended counts as ended: it is started anew. */
export function inTurn(inner) {
  const turns = new Map();
  const ending = new Map();
  const keyOf = (app, release) => `${app.name}#${release}`;
  function queued(key, work) {
    const turn = (turns.get(key) ?? Promise.resolve()).catch(() => undefined).then(work);
    turns.set(key, turn);
    const over = () => turns.get(key) === turn && turns.delete(key);
    turn.then(over, over);
    return turn;
  }
  return {
    ...inner,
    isRunning: async (app, release) => !ending.get(keyOf(app, release)) && (await inner.isRunning(app, release)),
    start: (app, release) => queued(keyOf(app, release), () => inner.start(app, release)),
    async stop(app, release) {
      const key = keyOf(app, release);
      ending.set(key, (ending.get(key) ?? 0) + 1);
      try {
        await queued(key, () => inner.stop(app, release));
      } finally {
        const left = ending.get(key) - 1;
        if (left > 0) ending.set(key, left);
        else ending.delete(key);
      }
    },
  };
}
