import type { z } from 'zod';
import type {
  connectionRef,
  createConnectionInput,
  removeConnectionInput,
  setAuthoritiesInput,
  setCredentialInput,
  setWebhookSecretInput,
  updateConnectionInput,
} from '@/lib/connections/model/schemas';
import type { NewWebhookSecret } from '@/lib/connections/model/view';
import type { Action } from '@/lib/kernel/result';
import type { Credential, CredentialForm, CredentialReport } from '@/lib/providers/port';

/** The Server Actions of the connection screens, as they arrive by props. */
export interface ConnectionActions {
  create: Action<z.input<typeof createConnectionInput>, { id: string }>;
  verify: Action<z.input<typeof connectionRef>, CredentialReport>;
  update: Action<z.input<typeof updateConnectionInput>, { version: number; credentialWiped: boolean }>;
  setCredential: Action<z.input<typeof setCredentialInput>, unknown>;
  setAuthorities: Action<z.input<typeof setAuthoritiesInput>, { version: number }>;
  setWebhookSecret: Action<z.input<typeof setWebhookSecretInput>, NewWebhookSecret>;
  endWebhookRotation: Action<z.input<typeof connectionRef>, unknown>;
  remove: Action<z.input<typeof removeConnectionInput>, unknown>;
}

/** What the forms need to know of a provider. */
export interface ProviderChoice {
  id: string;
  label: string;
  docsUrl: string;
  defaultOrigin: string;
  credentialKinds: readonly Credential['kind'][];
  credentialForms: readonly CredentialForm[];
  credentialHelp: { says: string; text: string } | null;
  /** It may be a server of one's own; where its authority is found. Null: it is not. */
  ownServer: { authority?: string } | null;
}
