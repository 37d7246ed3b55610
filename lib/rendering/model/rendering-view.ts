import type { RenderingMode } from './mode';

/** One web dashboard in one environment: how it is built, where it is served, and what a switch would be. */
export interface RenderingRow {
  targetId: string;
  label: string;
  component: { slug: string; name: string };
  environment: { slug: string; name: string; isProduction: boolean };
  /** What it is set to; null = nobody knows yet. */
  mode: RenderingMode | null;
  /** What its host serves at all; empty where it knows no modes. */
  modes: readonly RenderingMode[];
  host: { label: string; connectionId: string; connectionName: string };
  /** Its own address, where one is known. */
  address: string | null;
  live: {
    deploymentId: string;
    number: number;
    sha: string;
    ref: string;
    at: string | null;
    /** What was shown from outside, by which look; null = nothing proves it. */
    shown: RenderingMode | null;
    proof: string | null;
  } | null;
  /** A deployment of it that is under way, and what it builds. */
  underWay: { deploymentId: string; number: number; mode: RenderingMode | null } | null;
  /** Changed beside the console since; null = not known to be. */
  drift: { since: string; sentence: string } | null;
  /** Names of public values that are built in, by the live build; null where it said nothing of them. */
  baked: readonly string[] | null;
  /** Why this reader cannot switch it; null when they may try. */
  refusal: string | null;
}

export interface RenderingView {
  rows: RenderingRow[];
}
