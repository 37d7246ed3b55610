/** The one block a person reads when everything is up. */
export function announcement(options, { health, keys, database }) {
  const signIn = health.setupNeeded
    ? `${options.url}/setup#${keys.AETHERSTACK_SETUP_TOKEN}   (one-time link: choose the administrator's password)`
    : `${options.url}/sign-in`;
  const providers =
    options.mode === 'sandbox'
      ? 'simulated: nothing is sent to a real provider (for real ones: npm start -- --live)'
      : 'real: a deployment here is a deployment there';
  const rows = [
    ['Open', options.url],
    ['Sign in', signIn],
    ['Providers', providers],
    ['Database', database],
    ['Data', `${options.dataDir}   (logs in logs/)`],
    ['Stop', 'Ctrl-C'],
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(9)} ${value}`);
  return ['', `  AetherStack is ready${options.dev ? ' (development)' : ''}`, '', ...lines, ''].join('\n');
}

/** "localhost:5432/name" of a connection string, without its password. */
export function describeDatabase(url) {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
