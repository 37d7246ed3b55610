import type { RunCapabilities } from './capabilities-runs';
import type { SourceCapabilities } from './capabilities-source';

/** Capability → how it behaves (data that draws the screen) and the functions that it promises (code). */
export interface CapabilityMap extends SourceCapabilities, RunCapabilities {}

export type Capability = keyof CapabilityMap;
