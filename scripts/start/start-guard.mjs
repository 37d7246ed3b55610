import { spawn } from 'node:child_process';
import path from 'node:path';

/**
 * Starts a second process that outlives `kill -9` of this one just long enough to end the watched processes.
 * @returns {{ watch(members: { name: string, pid: number, started: string }[]): void, dismiss(): Promise<void> }}
 */
export function startGuard() {
  const script = path.join(import.meta.dirname, 'guard.mjs');
  const guard = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.stdin.on('error', () => {});
  guard.on('error', () => {});
  guard.unref();
  const watch = (members) => guard.stdin.write(`${JSON.stringify({ members })}\n`);
  const ended = new Promise((resolve) => guard.once('close', resolve));
  const dismiss = async () => {
    guard.ref();
    guard.stdin.end(`${JSON.stringify({ members: [] })}\n`);
    await ended;
  };
  return { watch, dismiss };
}
