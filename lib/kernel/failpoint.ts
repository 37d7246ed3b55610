/**
 * Where a process may be made to die, stand still or fail on purpose. Nothing at all unless `AETHERSTACK_FAILPOINTS` is set
 * and the providers are simulated: `after-claim-commit=kill@2,during-adopt=throw` acts on the second and the first pass.
 */
export const FAILPOINTS = [
  'before-intent-commit',
  'after-intent-commit',
  'after-claim-commit',
  // After the last look at the clock: what stands still here sends when nobody expects it any more.
  'before-bytes-sent',
  'after-bytes-sent',
  'after-response',
  'after-run-id-commit',
  'during-adopt',
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

const MODES = ['kill', 'pause', 'throw'] as const;
type Mode = (typeof MODES)[number];

interface Armed {
  mode: Mode;
  pass: number;
}

/** Thrown by mode `throw`. */
export class FailpointError extends Error {
  constructor(point: Failpoint) {
    super(`Failpoint ${point} was reached.`);
    this.name = 'FailpointError';
  }
}

/**
 * Reads a plan such as `after-response=kill@3`; the number is the pass it acts on, 1 when left out.
 * @throws Error that lists what is known
 */
export function parseFailpoints(text: string): Map<Failpoint, Armed> {
  const armed = new Map<Failpoint, Armed>();
  for (const part of text.split(',').filter(Boolean)) {
    const [, name, mode, pass = '1'] = /^([a-z-]+)=([a-z]+)(?:@([1-9]\d*))?$/.exec(part.trim()) ?? [];
    const point = FAILPOINTS.find((each) => each === name);
    const known = MODES.find((each) => each === mode);
    if (!point || !known)
      throw new Error(
        `AETHERSTACK_FAILPOINTS: "${part}" is none. Points: ${FAILPOINTS.join(', ')}; modes: ${MODES.join(', ')}.`,
      );
    armed.set(point, { mode: known, pass: Number(pass) });
  }
  return armed;
}

let plan: Map<Failpoint, Armed> | undefined;
const passes = new Map<Failpoint, number>();

/** Acts when this point is armed and its pass has come; `kill` and `pause` (SIGSTOP) do so before anything else can run. */
export async function failpoint(point: Failpoint): Promise<void> {
  const text = process.env.AETHERSTACK_FAILPOINTS;
  if (!text || process.env.AETHERSTACK_MODE !== 'sandbox') return;
  plan ??= parseFailpoints(text);
  const armed = plan.get(point);
  if (!armed) return;
  const pass = (passes.get(point) ?? 0) + 1;
  passes.set(point, pass);
  if (pass !== armed.pass) return;
  if (armed.mode === 'throw') throw new FailpointError(point);
  process.kill(process.pid, armed.mode === 'kill' ? 'SIGKILL' : 'SIGSTOP');
}
