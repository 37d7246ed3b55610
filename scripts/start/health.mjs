import { setTimeout as wait } from 'node:timers/promises';

const PATIENCE_MS = 180_000;

/**
 * Waits until the app says that it is ready to serve.
 * @returns {Promise<{ ready: true, setupNeeded: boolean, mode: string }>}
 * @throws {Error} when it has not said so within three minutes
 */
export async function waitUntilReady(localUrl, logFile, signal) {
  const end = Date.now() + PATIENCE_MS;
  let last = 'no answer yet';
  while (Date.now() < end && !signal.aborted) {
    const answer = await ask(`${localUrl}/api/health`);
    if (answer.body?.ready === true) {
      return answer.body;
    }
    last = answer.said;
    await wait(120);
  }
  throw new Error(`The app did not become ready (${last}). Its log is ${logFile}`);
}

async function ask(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000), redirect: 'manual' });
    const text = await response.text();
    return { said: `${response.status} ${text.slice(0, 200)}`, body: response.ok ? JSON.parse(text) : undefined };
  } catch (error) {
    return { said: error.cause?.code ?? error.message };
  }
}
