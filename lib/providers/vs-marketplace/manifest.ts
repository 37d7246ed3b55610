import { z } from 'zod';
import type { Credential, Manifest } from '../port';

const settings = z.strictObject({
  extension: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]{0,99}\.[A-Za-z0-9][\w-]{0,199}$/, 'Write it as publisher.name, as in package.json.')
    .describe('Extension, as publisher.name'),
  channel: z.enum(['stable', 'pre-release', 'both']).default('stable').describe('Which packages it takes'),
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'Write it as owner/name.')
    .optional()
    .describe('Repository, for the checks of a commit (owner/name)'),
  workflow: z
    .string()
    .regex(/^[\w.-]+\.ya?ml$/, 'Write the file’s name, like extension-publish.yml.')
    .optional()
    .describe('Workflow that publishes by Entra (file name); the repository is needed too'),
  workflowConnection: z
    .string()
    .regex(/^con_\w+$/, 'Write the connection’s id, con_…; it is in the address of its page.')
    .optional()
    .describe('Connection that starts the workflow (its id, con_…)'),
  workflowBranch: z.string().min(1).max(200).default('main').describe('Branch whose workflow is run'),
  workflowEnvironment: z.string().min(1).max(255).optional().describe('Environment input of the workflow'),
});

/** All three, or the stored token: whoever reads that a workflow publishes may rely on it. */
export const targetConfig = settings.refine(
  ({ repository, workflow, workflowConnection }) =>
    workflowConnection === undefined ? workflow === undefined : repository !== undefined && workflow !== undefined,
  {
    path: ['workflow'],
    message: 'To publish by a workflow, name the repository, the workflow and the connection that starts it.',
  },
);

/** User name of a connection without a token: its targets name a workflow. */
export const WORKFLOW_ONLY = 'workflow';

/** Nothing but a workflow gets in at the publisher: nothing is stored here. */
export function hasToken(credential: Credential): boolean {
  return !(credential.kind === 'basic' && credential.username === WORKFLOW_ONLY);
}

/** Of one organisation's tokens nothing is promised: microsoft/vsmarketplace #2121 is open. A check is the proof. */
export const PAT_ENDS =
  'Personal access tokens for all organisations end on 2026-12-01. Publish by the repository’s workflow with Entra instead. A token of one organisation counts from that day as long as Check says that the Marketplace takes it.';

/**
 * Through the stored token, or by a workflow of another connection that the target names: a workload identity exists inside
 * a workflow alone. Source: microsoft/vscode-vsce `publish.ts`, `GalleryApi` of azure-devops-node-api 12.5
 */
export const manifest = {
  id: 'vs-marketplace',
  label: 'VS Marketplace',
  docsUrl: 'https://code.visualstudio.com/api/working-with-extensions/publishing-extension',
  defaultOrigin: 'https://marketplace.visualstudio.com',
  credentialKinds: ['basic'],
  credentialForms: [
    {
      id: 'vs-marketplace',
      label: 'VS Marketplace',
      origin: 'https://marketplace.visualstudio.com',
      username: { label: 'Publisher', hint: 'The publisher in package.json.', fixed: null },
      secret: {
        label: 'Personal access token',
        hint: 'With Marketplace → Manage. New ones for all organisations are not given out any more; whether one of a single organisation is taken, Check tells. Entra through a workflow needs no token here.',
      },
      tokenService: false,
      ends: 'Tokens for all organisations end on 2026-12-01, whatever end they were given. One of a single organisation counts as long as Check says that it is taken, from that day too.',
    },
    {
      id: 'vs-marketplace-workflow',
      label: 'VS Marketplace, published to by a workflow',
      origin: 'https://marketplace.visualstudio.com',
      username: { label: 'User name', hint: 'Nothing is sent.', fixed: WORKFLOW_ONLY },
      secret: { label: 'Token', hint: 'Write a dash: nothing is sent. Its targets name the workflow.' },
      tokenService: false,
      ends: 'Nothing ends: the workflow signs in by itself.',
    },
  ],
  // Packages lie at a content network. It gets no credential, and what it sends counts only with its digest.
  downloadHosts: ['*'],
  largestAnswer: 64 * 1_048_576,
  targetConfig,
  capabilities: {
    publish: {
      audience: 'public',
      withinMinutes: { validating: 180, scanning: 1440, active: 30, quarantined: 4320 },
      // Publishers tell of 5 to 10 minutes, and now and then of hours. Source: microsoft/vscode-vsce #975
      usuallyMinutes: { validating: 30 },
      inRuns: { gallery: ['marketplace'], tool: 'vsce' },
      byRun: { connection: 'workflowConnection', environment: 'workflowEnvironment' },
      recall: {
        version: 'guide',
        extension: 'unpublish',
        steps: [
          'Open the publisher’s page (marketplace.visualstudio.com/manage), choose the extension, and remove the version under its versions.',
          'Where removing a version is not offered, publish a mended version with a higher number: that is what everybody updates to.',
          'Taking the extension away takes every version, its installs count and its reviews; people who have it keep it and get no update.',
        ],
      },
      namespaces: 'guide',
      notice: PAT_ENDS,
      noticeUnless: 'workflowConnection',
      secrets: ['VSCE_PAT'],
      retires: {
        on: '2026-12-01',
        what: 'Personal access tokens for all organisations',
        // Source: https://code.visualstudio.com/api/working-with-extensions/publishing-extension
        steps: [
          'Register an application in Entra, or make a managed identity, and give it no secret.',
          'Add a federated credential to it for this repository and the environment that the workflow publishes from.',
          'Keep its client id and tenant id as the variables AZURE_CLIENT_ID and AZURE_TENANT_ID of that environment.',
          'Merge the proposal below and run its workflow once, with publish_to, where it asks for it, set to vs-marketplace: anything else is published for good wherever it may be. It is refused still, and the summary of its run tells the id of the identity at the Marketplace. A workflow of your own asks for it signed in as the identity: az rest --url https://app.vssps.visualstudio.com/_apis/profile/profiles/me --resource 499b84ac-1321-427f-aa17-267ca6975798 --query id.',
          'Make that id, which is neither the client id nor the object id, a member of the publisher with the role Contributor: marketplace.visualstudio.com/manage → Members.',
          'Write the workflow into the settings of its target here, as it stands below. The token of the target’s connection is not used from then on; a connection “VS Marketplace, published to by a workflow” has none.',
          'Publish once by the workflow, and only then remove the secret that held the token.',
        ],
        blueprint: { marketplace: 'entra' },
      },
    },
  },
} as const satisfies Manifest<'publish'>;
