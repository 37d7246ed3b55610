import http from 'node:http';

/** One request; its status, or why there is none. */
function ask(port, path, timeoutMs) {
  return new Promise((resolve) => {
    const request = http.get(
      {
        host: '127.0.0.1',
        port,
        path,
        agent: false,
        timeout: timeoutMs,
        headers: { 'user-agent': 'aetherstack-agent' },
      },
      (answer) => {
        answer.resume();
        resolve({ status: answer.statusCode ?? 0 });
        answer.on('error', () => undefined);
        request.destroy();
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', (error) => resolve({ problem: error.code ?? error.message }));
  });
}

const isWell = (status) => status >= 200 && status < 400;
const toldOf = (status, problem) => (status ? `it answers ${status}` : `it gives no answer (${problem})`);

/**
 * Null when it answered well (200 to 399) and still runs; otherwise a sentence. Asks up to `tries` times, `everyMs` apart,
 * and stops early when the process has ended. `own`: whether the port is answered by the release, null where nobody knows.
 */
export async function healthy({
  port,
  path,
  basePath = '',
  tries,
  everyMs,
  timeoutMs,
  alive,
  own = () => null,
  signal,
}) {
  const where = path === '/' && basePath ? basePath : path;
  let last = 'it was not asked';
  for (let n = 0; n < tries; n++) {
    if (signal?.aborted) return 'It was cancelled.';
    const { status, problem } = await ask(port, where, timeoutMs);
    const isForeign = isWell(status) && (await own()) === false;
    if (isWell(status) && !isForeign) return (await alive()) ? null : 'It answered and then ended.';
    last = isForeign ? `another program answers at its port ${port}` : toldOf(status, problem);
    if (!(await alive()))
      return 'The release ended by itself while it was being checked. Its last lines are in the log.';
    if (n + 1 < tries) await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return `GET ${where} was asked ${tries} times and is not well: ${last}.`;
}
