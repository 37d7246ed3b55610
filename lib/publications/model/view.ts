import type { NamespaceStanding } from '../../providers/port';
import type { PublicationState } from './publication';

/** A target that is a gallery, as screens name it. */
export interface PlaceView {
  targetId: string;
  /** `Extension · Production · open-vsx` */
  name: string;
  /** The gallery, as people call it. */
  gallery: string;
  /** Who gets what is published there: everybody, for good, or whom this console lets in. */
  audience: 'public' | 'own';
  environment: { slug: string; name: string };
  /** publisher.name that it publishes. */
  extension: string;
  channel: string;
  /** A sentence about its credential that everybody has to know. */
  notice: string | null;
  recall: { version: 'unlist' | 'guide'; extension: 'unpublish' | 'guide'; steps: readonly string[] };
  /** Whether the person may publish there. */
  mayPublish: boolean;
  /** Somebody wants the whole extension taken away there, and so many others have to agree; null = nobody does. */
  unpublishing: Unpublishing | null;
}

export interface Unpublishing {
  extension: string;
  by: string;
  reason: string;
  /** Who agreed so far. */
  agreed: string[];
  needed: number;
  endsAt: string;
}

export interface PublicationCell {
  targetId: string;
  state: PublicationState;
  since: string;
  deadlineAt: string | null;
  overdue: boolean;
  detail: string | null;
  url: string | null;
  /** When the gallery last said so; null where it was never asked. */
  lookedAt: string | null;
  /** When the package was fetched as a client gets it, and found to be the same; null where that was never seen. */
  provenAt: string | null;
  deploymentId: string;
}

export interface PublicationRow {
  packageId: string;
  extension: string;
  version: string;
  targetPlatform: string;
  prerelease: boolean;
  scan: string;
  cells: PublicationCell[];
}

/** So many packages, the newest, stand in the table of versions by galleries. */
export const PUBLICATION_ROWS = 50;

/** Versions × galleries. */
export interface PublicationsView {
  places: PlaceView[];
  rows: PublicationRow[];
  /** Deployments that take a package to a place and have not ended. */
  underWay: { packageId: string; targetId: string; deploymentId: string; number: number }[];
  /** What galleries counted, a day each, oldest first; at most 90 days. */
  installs: { targetId: string; day: string; total: number; what: string; version: string | null }[];
}

/** What stands in the way of publishing one package at one place; `closed` says why and who can lift it. */
export interface PublishPlace extends PlaceView {
  closed: { code: string; sentence: string } | null;
  /** A freeze alone closes it, and the person may let one deployment through it. */
  mayOverride: boolean;
  /** The older package, once live there, that it was made again from: publishing it there counts as a roll-back. */
  goesBackTo: { packageId: string; version: string } | null;
  /** The workflow that publishes there, and the environment that the target's settings tell it; null = the gallery takes the package itself. */
  run: { workflow: string; environment: string | null } | null;
  checklist: string[];
  approvals: number;
  cell: PublicationCell | null;
  /** Whose the publisher's name is there; null where that is of no matter now, or the gallery did not say. */
  namespace: NamespaceStanding | null;
  /** What keeps the person out of the console's own gallery; null = nothing does, or it is another one. */
  ownNamespace: OwnNamespace | null;
}

/** Of the publisher's namespace in the console's own gallery: it is missing, or the person who asks is none of its owners. */
export interface OwnNamespace {
  publisher: string;
  lacks: 'namespace' | 'owner';
  /** The id of the person who asks, where a press of theirs makes it, or them its owner; null = they ask somebody. */
  mendBy: string | null;
}

export interface PublishPlan {
  package: PublicationRow;
  /** The first of what places say; null where publishing it is a roll-back nowhere. */
  goesBackTo: { packageId: string; version: string } | null;
  places: PublishPlace[];
  idempotencyKey: string;
}
