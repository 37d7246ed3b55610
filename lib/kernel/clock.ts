/** Milliseconds since the epoch; injected so that tests and scenarios own time. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
