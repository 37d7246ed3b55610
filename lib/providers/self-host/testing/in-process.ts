import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SimulatorWorld } from '../../port';

interface Place {
  planRun(release: string, port: number): unknown;
}

const STEP_MS = 900;
const LONGEST_MS = 5_000;

/**
 * Releases as listeners of this process, and a gate that lets a deployment take one step for each second of the world. So
 * the agent's own code runs, and time is the test's. `isIdle`: no deployment goes on.
 */
export function inProcess(world: SimulatorWorld, isIdle: () => boolean) {
  const servers = new Map<string, Server>();
  /** How the world was when a deployment began. */
  const outcomes = new Map<string, string>();
  let takenAt = world.now();
  let isFree = false;
  let isFrontUp = true;
  const turns: (() => void)[] = [];

  async function gate(step: string, { id, kind }: { id: string; kind: string }): Promise<void> {
    if (step.includes(':') || isFree) return;
    if (step === (kind === 'restore' ? 'starting' : 'fetching')) takenAt = world.now();
    if (step === 'fetching') outcomes.set(id, world.scenario().outcome);
    await new Promise<void>((resolve) => turns.push(resolve));
  }

  async function start(app: Place, release: string) {
    const status = outcomes.get(release) === 'failure' ? 500 : 200;
    const server = createServer((_, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.set(release, server);
    return app.planRun(release, (server.address() as AddressInfo).port);
  }

  function stop(release: string): void {
    servers.get(release)?.close();
    servers.get(release)?.closeAllConnections();
    servers.delete(release);
  }

  /** Until the deployment that was let go on stands before its next step, or has ended. */
  async function stepped(): Promise<void> {
    const end = Date.now() + LONGEST_MS;
    while (turns.length === 0 && !isIdle() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  return {
    gate,
    supervisor: {
      start,
      stop: (_: Place, release: string) => stop(release),
      isRunning: (_: Place, release: string) => servers.has(release),
      listed: async (_: Place, releases: string[]) => releases.filter((release) => servers.has(release)),
      front: { isRunning: () => true, isUp: () => isFrontUp, start: () => undefined, stop: () => undefined },
    },
    /** Everything that is due by the world's time has been done. */
    async settled(): Promise<void> {
      await stepped();
      while (turns.length > 0 && world.now() - takenAt >= STEP_MS) {
        takenAt += STEP_MS;
        turns.shift()?.();
        await stepped();
      }
    },
    /** As if the release had ended by itself and does not come back. */
    end: (release: string) => stop(release),
    /** It answers 500 from its next start on. */
    sicken: (release: string) => outcomes.set(release, 'failure'),
    setFront(isUp: boolean) {
      isFrontUp = isUp;
    },
    close() {
      isFree = true;
      for (const turn of turns.splice(0)) turn();
      for (const release of servers.keys()) stop(release);
    },
  };
}
