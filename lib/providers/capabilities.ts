import type { AnnouncementCapabilities } from './capabilities-announcements';
import type { ArtifactCapabilities } from './capabilities-artifacts';
import type { ConfigurationCapabilities } from './capabilities-configuration';
import type { EnvironmentCapabilities } from './capabilities-environments';
import type { FileCapabilities } from './capabilities-files';
import type { HealthCapabilities } from './capabilities-health';
import type { HostingCapabilities } from './capabilities-hosting';
import type { NoteCapabilities } from './capabilities-notes';
import type { PublishingCapabilities } from './capabilities-publishing';
import type { ReleaseCapabilities } from './capabilities-releases';
import type { RenderingCapabilities } from './capabilities-rendering';
import type { RunCapabilities } from './capabilities-runs';
import type { SiteCapabilities } from './capabilities-site';
import type { SourceCapabilities } from './capabilities-source';
import type { StandingCapabilities } from './capabilities-standing';
import type { VitalsCapabilities } from './capabilities-vitals';

/** Capability → how it behaves (data that draws the screen) and the functions that it promises (code). */
export interface CapabilityMap
  extends SourceCapabilities,
    RunCapabilities,
    SiteCapabilities,
    StandingCapabilities,
    ConfigurationCapabilities,
    EnvironmentCapabilities,
    AnnouncementCapabilities,
    ReleaseCapabilities,
    HostingCapabilities,
    RenderingCapabilities,
    FileCapabilities,
    ArtifactCapabilities,
    PublishingCapabilities,
    HealthCapabilities,
    VitalsCapabilities,
    NoteCapabilities {}

export type Capability = keyof CapabilityMap;
