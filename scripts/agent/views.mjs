// What the agent shows of its records: never a header, a path of the machine, or a variable's value.

export function deploymentView(record) {
  const { id, key, by, commit, ref, phase, reached, failure, createdAt, startedAt, finishedAt, servedAt } = record;
  return {
    ...{ id, key, by, commit, ref, phase, reached, failure, createdAt, startedAt, finishedAt, servedAt },
    mode: record.built ?? record.mode,
    sha256: record.sha256 ?? record.artifact.sha256 ?? null,
    cancelRequested: record.cancelRequested,
  };
}

/** The last restore, while it goes on and after it. */
function changeOf(app) {
  const last = app.journal
    .all()
    .filter(({ kind }) => kind === 'restore')
    .at(-1);
  if (!last) return null;
  const states = { live: 'done', failed: 'failed', cancelled: 'failed' };
  return {
    release: last.release,
    as: last.as,
    state: states[last.phase] ?? 'going-on',
    failure: last.failure,
    at: last.createdAt,
  };
}

export async function liveView(app) {
  const release = app.current();
  const record = release && app.recordOf(release);
  const running = app.running(release);
  return {
    app: app.name,
    front: (await app.supervisor.front.isUp(app)) ? 'up' : 'down',
    addresses: app.settings.addresses.map((name) => ({ name, leadsHere: app.leadsHere.get(name) ?? false })),
    change: changeOf(app),
    live: record && {
      ...{ release, key: record.key, by: record.by, commit: record.commit, ref: record.ref },
      mode: record.built ?? null,
      since: record.servedAt,
      running: await app.supervisor.isRunning(app, release),
      /** Names of variables that were changed since it was started. */
      changedNotLive: running ? app.environment.changed(running.env) : [],
    },
    kept: [...app.kept()]
      .filter((id) => app.recordOf(id)?.servedAt)
      .sort()
      .reverse(),
  };
}
