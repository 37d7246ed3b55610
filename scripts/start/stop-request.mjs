import { REEXEC_VARIABLE } from '../bootstrap/node.mjs';
import { commandOf, identify, isRunning, parentOf } from '../bootstrap/process-identity.mjs';

// A terminal sends Ctrl-C to npm and to us, and npm sends it on: that is one wish, not two.
const SAME_WISH_MS = 1_500;

/**
 * Listens for whatever asks this process to stop: a signal, or the end of the npm that started it.
 * @returns {{ signal: AbortSignal, starters: { pid: number, started: string }[], close(): void }}
 */
export function listenForStop(say, env = process.env) {
  const controller = new AbortController();
  let asked = 0;
  const onSignal = () => {
    if (asked && Date.now() - asked > SAME_WISH_MS) {
      say('Stopping at once.');
      process.exit(130);
    }
    asked ||= Date.now();
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, onSignal);
  }
  const chain = findStarters(env);
  const timer = setInterval(() => {
    if (!chain.every(isRunning)) {
      controller.abort();
    }
  }, 400);
  timer.unref();
  return { signal: controller.signal, starters: chain, close: () => clearInterval(timer) };
}

/** The processes between npm (or the older Node that re-ran us) and this one: without them nobody could stop us. */
function findStarters(env) {
  const chain = [];
  let pid = process.pid;
  for (let step = 0; step < 6; step += 1) {
    pid = parentOf(pid);
    const identity = pid > 1 && identify(pid);
    if (!identity) {
      break;
    }
    chain.push(identity);
    if (/\b(npm|pnpm|yarn|bun)\b/.test(commandOf(pid).split(' ').slice(0, 2).join(' '))) {
      return env.npm_lifecycle_event ? chain : reexecuted(chain, env);
    }
  }
  return reexecuted(chain, env);
}

function reexecuted(chain, env) {
  return chain.filter(({ pid }) => String(pid) === env[REEXEC_VARIABLE]);
}
