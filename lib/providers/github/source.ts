import { z } from 'zod';
import { type ProviderContext, ProviderError, type Repository, type Revision } from '../port';
import { read, readPages } from './client';
import { isAncestor } from './commits';
import { allHeads, FULL_SHA, findRef } from './refs';
import { repositorySchema } from './schema';
import { type Place, splitName } from './target';
import { readForm } from './workflows';

/** What this credential may see, most recently pushed first; at most 300. */
export async function listRepositories(c: ProviderContext): Promise<Repository[]> {
  const about = { what: 'account', subject: '' } as const;
  const rows =
    c.credential.kind === 'app'
      ? await readPages(
          c,
          { route: 'GET /installation/repositories', about },
          z.object({ repositories: z.array(repositorySchema) }),
          (page) => page.repositories,
          3,
        )
      : await readPages(
          c,
          { route: 'GET /user/repos', params: { sort: 'pushed' }, about },
          z.array(repositorySchema),
          (page) => page,
          3,
        );
  return rows.map((row) => ({
    fullName: row.full_name,
    defaultBranch: row.default_branch,
    private: row.private,
    url: row.html_url,
  }));
}

/** Source: https://docs.github.com/en/rest/repos/repos#get-a-repository; it answers a former name by a redirect. */
export async function nameOfNow(c: ProviderContext, repository: string): Promise<string> {
  const about = { what: 'repository', subject: repository } as const;
  const call = { route: 'GET /repos/{owner}/{repo}', params: splitName(repository), about };
  return (await read(c, call, repositorySchema)).data.full_name;
}

/**
 * What a person typed as one branch or tag and one commit: `name`, `refs/tags/name`, `name@sha` or a full sha.
 * GitHub starts a workflow on a branch or a tag only, so another commit than its newest needs a commit input.
 */
export async function resolveRevision(c: ProviderContext, place: Place, typed: string): Promise<Revision> {
  const text = typed.trim();
  const pinned = /^(.+)@([0-9a-f]{40})$/.exec(text);
  if (pinned?.[1] && pinned[2]) return pin(c, place, await findRef(c, place, pinned[1]), pinned[2]);
  if (!FULL_SHA.test(text)) return findRef(c, place, text);
  return resolveSha(c, place, text);
}

async function pin(c: ProviderContext, place: Place, head: Revision, sha: string): Promise<Revision> {
  if (head.sha === sha) return head;
  // The file that runs is the one at the newest commit of the ref, whatever commit it is told to build.
  const form = place.workflow === '' ? null : await readForm(c, place, head.sha);
  if (form && !form.reserved.sha) throw headOnly(head.ref);
  if (!(await isAncestor(c, place, sha, head.sha))) {
    throw new ProviderError(
      'rejected',
      'not_on_ref',
      `The commit ${sha.slice(0, 7)} is not part of ${head.ref}. Choose a commit of it.`,
    );
  }
  return { ...head, sha };
}

/** A bare commit: the newest of a branch or tag if there is one, else a commit of the default branch. */
async function resolveSha(c: ProviderContext, place: Place, sha: string): Promise<Revision> {
  const heads = (await allHeads(c, place)).filter((ref) => ref.sha === sha);
  const head = heads.find((ref) => ref.kind === 'branch' && ref.name === place.defaultRef) ?? heads[0];
  if (head) return { ref: head.name, refKind: head.kind, sha };
  return pin(c, place, await findRef(c, place, place.defaultRef), sha);
}

function headOnly(ref: string): ProviderError {
  const sentence = `Only the newest commit of ${ref} can be deployed, because its workflow has no “sha” input. Choose the newest, tag this commit, or add the input to the workflow.`;
  return new ProviderError('rejected', 'sha_not_head', sentence);
}
