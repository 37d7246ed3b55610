import type { Experiment } from '../experiment';
import { blackhole } from './blackhole';
import { clicks } from './clicks';
import { failpoints } from './failpoints';
import { faults } from './faults';
import { instances } from './instances';
import { kills } from './kills';
import { latency } from './latency';
import { outage } from './outage';
import { postgres } from './postgres';
import { rolling } from './rolling';
import { silence } from './silence';
import { skew } from './skew';
import { stopped } from './stopped';
import { takeover } from './takeover';

/** Longest first, so that the lanes end together. */
export const EXPERIMENTS: readonly Experiment[] = [
  failpoints,
  stopped,
  kills,
  blackhole,
  outage,
  takeover,
  instances,
  skew,
  faults,
  rolling,
  silence,
  clicks,
  postgres,
  latency,
];
