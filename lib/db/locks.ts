/**
 * Every advisory lock that this product takes; two uses of one number would wait for each other. locks.test.ts keeps the
 * numbers apart, those in the migrations' SQL included. A number is never used again for something else.
 */
export const LOCKS = {
  migration: 7_420_111,
  testTemplate: 7_420_112,
  /** Taken at COMMIT by the trigger that adds a line to the audit chain (migration 0002). */
  auditChain: 7_420_113,
  /** One instance signs the head of the audit log at a time. */
  auditSigner: 7_420_114,
  /** Set-ups come one after the other, whatever token each brings. */
  setup: 7_420_115,
  /** Changes to who may administer come one after the other, so that two cannot each leave the other. */
  administrators: 7_420_116,
  /** Releases and tags are made one after the other, so that two presses cannot both find nothing there. */
  releases: 7_420_117,
  /** One instance at a time looks which settings are missing. */
  configurationReadings: 7_420_118,
  /** Followers of the status page are counted and added one after the other. */
  statusFollowers: 7_420_119,
} as const;

/** Locks of single things: hashed to 64 bits together with the thing's id. */
export const LOCK_PREFIXES = {
  environment: 'environment:',
  lateRun: 'late-run:',
  setting: 'setting:',
  place: 'place:',
} as const;
