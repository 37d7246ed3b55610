import type { Experiment } from '../experiment';
import { clicks } from './clicks';
import { failpoints } from './failpoints';
import { faults } from './faults';
import { kills } from './kills';

/** Longest first, so that the lanes end together. */
export const EXPERIMENTS: readonly Experiment[] = [failpoints, kills, faults, clicks];
