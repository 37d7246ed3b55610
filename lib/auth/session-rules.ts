/** How long sessions last. The defaults are those of the security reference: 30 minutes unused, 12 hours in all. */
export interface SessionRules {
  /** A session that nobody used for so long is over. Seconds. */
  idle: number;
  /** No session lives longer than this, used or not. Seconds. */
  absolute: number;
  /** How long a proof of identity counts for risky actions. Seconds. */
  proof: number;
}

function minutes(text: string | undefined, fallback: number): number {
  const value = Number(text);
  return text !== undefined && text !== '' && Number.isFinite(value) && value >= 1
    ? Math.round(value * 60)
    : fallback * 60;
}

/** From the environment; lib/env/server.ts refuses values that cannot be meant when the server starts. */
export function sessionRules(env: Record<string, string | undefined> = process.env): SessionRules {
  return {
    idle: minutes(env.AETHERSTACK_SESSION_IDLE_MINUTES, 30),
    absolute: minutes(env.AETHERSTACK_SESSION_MINUTES, 12 * 60),
    proof: minutes(env.AETHERSTACK_STEP_UP_MINUTES, 15),
  };
}
