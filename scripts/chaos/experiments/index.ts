import type { Experiment } from '../experiment';
import { announcements } from './announcements';
import { approvals } from './approvals';
import { blackhole } from './blackhole';
import { clicks } from './clicks';
import { dumped } from './dumped';
import { failpoints } from './failpoints';
import { failpointsAgain } from './failpoints-again';
import { faults } from './faults';
import { folder } from './folder';
import { freezes } from './freezes';
import { histories } from './histories';
import { instances } from './instances';
import { kills } from './kills';
import { latency } from './latency';
import { load } from './load';
import { outage } from './outage';
import { poison } from './poison';
import { postgres } from './postgres';
import { quota } from './quota';
import { restored } from './restored';
import { rolling } from './rolling';
import { secrets } from './secrets';
import { silence } from './silence';
import { skew } from './skew';
import { snapshot } from './snapshot';
import { stopped } from './stopped';
import { takeover } from './takeover';
import { viewers } from './viewers';
import { webhooks } from './webhooks';

/** Longest first, so that the lanes end together. */
export const EXPERIMENTS: readonly Experiment[] = [
  failpoints,
  stopped,
  kills,
  restored,
  blackhole,
  outage,
  failpointsAgain,
  takeover,
  instances,
  skew,
  faults,
  rolling,
  silence,
  announcements,
  poison,
  freezes,
  approvals,
  dumped,
  snapshot,
  webhooks,
  histories,
  quota,
  secrets,
  clicks,
  postgres,
  latency,
  viewers,
  folder,
  load,
];
