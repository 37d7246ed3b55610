import { z } from 'zod';

/** How often our own probes ask, and the width of a slot. */
export const PROBE_SECONDS = 30;
/** A probe of our own is one request each time, so a fifth of the traffic that people make is enough. */
export const PROBE_SHARE = 5;

/** How a deployment is judged by what is measured before and after it. Everything is stated beside the verdict. */
export const VerdictRules = z.strictObject({
  /** Length of both windows, in minutes. */
  windowMinutes: z.number().int().min(5, 'At least 5 minutes.').max(720, 'At most 12 hours.').default(30),
  /** Requests that each window needs before anything is said; of own probes a fifth as many are enough. */
  minRequests: z.number().int().min(1).max(1_000_000).default(100),
  /** Share of a window, in percent, in which there has to be a measurement. */
  coverage: z.number().int().min(10).max(100).default(70),
  /** Errors are worse by at least so many percentage points … */
  errorPoints: z.number().min(0.01).max(100).default(1),
  /** … and at least so many times as many. */
  errorTimes: z.number().min(1).max(100).default(2),
  /** Latency is worse by at least so many milliseconds … */
  latencyMs: z.number().min(1).max(600_000).default(50),
  /** … and at least so many times as long. */
  latencyTimes: z.number().min(1).max(100).default(1.5),
  /** Uptime is worse by at least so many percentage points. */
  uptimePoints: z.number().min(0.01).max(100).default(1),
});
export type VerdictRules = z.infer<typeof VerdictRules>;

export const USUAL_RULES: VerdictRules = VerdictRules.parse({});
