// How releases are kept running: by the agent itself, or by systemd with a unit that the agent wrote.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { freePort, isRunning, marked, marks, start, stop } from './processes.mjs';
import { instanceOf } from './units.mjs';

const run = promisify(execFile);

/** Processes of the agent's own making. They go on without it and are found again by their mark. */
export function ownSupervisor(config) {
  const mark = (app, release) => `${app.home}#${release}`;
  return {
    isRunning: (app, release) => marked(mark(app, release)).some(isRunning),
    async start(app, release) {
      const plan = app.planRun(release, await freePort());
      const place = { mark: mark(app, release), logFile: app.folder('logs', `${release}.log`), cwd: app.home };
      start(config.node, 'run.mjs', [app.home, release], place);
      return plan;
    },
    stop: (app, release) => stop(mark(app, release), app.settings.graceMs),
    /** Releases of the app that run, wanted or not. */
    async listed(app, releases) {
      const running = marks();
      return releases.filter((release) => running.has(mark(app, release)));
    },
    front: {
      isRunning: (app) => marked(mark(app, 'front')).some(isRunning),
      start(app) {
        const { host, port, tls } = app.settings.front;
        const args = [app.home, host, String(port), ...(tls ? [tls.cert, tls.key] : [])];
        start(config.node, 'front.mjs', args, {
          mark: mark(app, 'front'),
          logFile: app.folder('logs', 'front.log'),
          cwd: app.home,
        });
      },
      stop: (app) => stop(mark(app, 'front'), app.settings.graceMs),
    },
  };
}

/** Instances of the template unit `aetherstack-<app>@.service` of this user; fronts stay with the agent. */
export function systemdSupervisor(config, command = 'systemctl') {
  const systemctl = async (verb, unit) => {
    try {
      await run(command, ['--user', verb, unit], { timeout: 30_000 });
      return true;
    } catch {
      return false;
    }
  };
  const active = (app, release) => systemctl('is-active', instanceOf(app.name, release));
  return {
    isRunning: active,
    async start(app, release) {
      const plan = app.planRun(release, await freePort());
      await systemctl('reset-failed', instanceOf(app.name, release));
      await systemctl('start', instanceOf(app.name, release));
      return plan;
    },
    stop: (app, release) => systemctl('stop', instanceOf(app.name, release)),
    async listed(app, releases) {
      const states = await Promise.all(releases.map((release) => active(app, release)));
      return releases.filter((_, at) => states[at]);
    },
    front: ownSupervisor(config).front,
  };
}
