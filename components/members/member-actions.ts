import type { z } from 'zod';
import type { Action } from '@/lib/kernel/result';
import type { inviteMemberInput, memberRef, setGrantsInput } from '@/lib/members/model/schemas';

export interface OneTimeLink {
  /** Whole address; shown once. */
  url: string;
  expiresAt: string;
}

/** The Server Actions of the members screen, as they arrive by props. */
export interface MemberActions {
  invite: Action<z.input<typeof inviteMemberInput>, OneTimeLink>;
  newLink: Action<z.input<typeof memberRef>, OneTimeLink>;
  setGrants: Action<z.input<typeof setGrantsInput>, unknown>;
  disable: Action<z.input<typeof memberRef>, unknown>;
  enable: Action<z.input<typeof memberRef>, unknown>;
  revokeSessions: Action<z.input<typeof memberRef>, unknown>;
}
