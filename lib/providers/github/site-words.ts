import type { Publication, Site } from '../port';

/** State → whether it serves, and what to do. Source: GitHub's contract, schema `pages-https-certificate`. */
const CERTIFICATE = new Map<string, { good: boolean; sentence: string }>([
  ['new', { good: false, sentence: 'GitHub is about to ask for it.' }],
  ['authorization_created', { good: false, sentence: 'GitHub is proving the domain.' }],
  ['authorization_pending', { good: false, sentence: 'GitHub is proving the domain.' }],
  ['authorized', { good: false, sentence: 'The domain is proven; it is about to be issued.' }],
  ['issued', { good: true, sentence: 'It has been issued.' }],
  ['uploaded', { good: true, sentence: 'It is being put in place.' }],
  ['approved', { good: true, sentence: 'It is in place.' }],
  ['authorization_revoked', broken('The proof of the domain was taken back.')],
  ['errored', broken('It could not be issued.')],
  ['bad_authz', broken('The domain could not be proven.')],
  ['dns_changed', broken('The domain points elsewhere now.')],
  ['destroy_pending', { good: false, sentence: 'It is being removed.' }],
]);

function broken(what: string): { good: boolean; sentence: string } {
  return { good: false, sentence: `${what} Check the DNS records, then remove the domain there and enter it again.` };
}

export function certificateOf(
  found: { state: string; expires_at?: string | null | undefined } | null,
): Site['certificate'] {
  if (!found) return null;
  const known = CERTIFICATE.get(found.state) ?? {
    good: false,
    sentence: `GitHub calls its state “${found.state.slice(0, 60)}”.`,
  };
  return { state: found.state, ...known, expiresAt: found.expires_at ?? null };
}

const PUBLICATION = new Map<string, Publication['state']>([
  ['deployment_in_progress', 'going'],
  ['deployment_queued', 'going'],
  ['syncing_files', 'going'],
  ['finished_file_sync', 'going'],
  ['updating_pages', 'going'],
  ['purging_cdn', 'going'],
  ['succeed', 'live'],
  ['deployment_cancelled', 'cancelled'],
  ['deployment_failed', 'failed'],
  ['deployment_content_failed', 'failed'],
  ['deployment_attempt_error', 'failed'],
  ['deployment_lost', 'failed'],
]);

/** Source: GitHub's contract, schema `pages-deployment-status`; `deployment_queued` is seen in logs of the action. */
export function publicationState(word: string): Publication['state'] {
  return PUBLICATION.get(word) ?? 'unrecognised';
}
