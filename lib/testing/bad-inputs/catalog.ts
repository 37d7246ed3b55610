import { RACES, ROUNDS } from './races';

/** How many generated inputs a run of the tests makes; `AETHERSTACK_FUZZ=20` makes twenty times as many, for a night. */
export const GENERATED = {
  /** At each provider with webhooks. */
  D2: 7_000,
  D3: 10_000,
  D4: 20_000,
  D5: 20_000,
  D6: 20_000,
  D7: 10_000,
  D8: 20_000,
  D13: 5_000,
  D14: 5_000,
  D19: ROUNDS * RACES.length,
} as const;

/** Secrets of planted.ts and planted-settings.ts, which are looked for in nine places. */
export const PLANTED = 31;

export function runs(id: keyof typeof GENERATED): number {
  const factor = Number(process.env.AETHERSTACK_FUZZ ?? '1');
  return GENERATED[id] * (Number.isFinite(factor) && factor >= 1 ? Math.round(factor) : 1);
}
