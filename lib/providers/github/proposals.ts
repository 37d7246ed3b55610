import { z } from 'zod';
import { type Proposal, type ProposedState, type ProviderContext, ProviderError, type WantedProposal } from '../port';
import { type Answer, type Call, read, readPages, write } from './client';
import { textAt } from './file-text';
import { inParallel } from './in-parallel';
import { headOf } from './refs';
import { gitRefSchema, pullSchema, repositorySchema } from './schema';
import { splitName } from './target';

type Pull = z.output<typeof pullSchema>;
type Where = { owner: string; repo: string };

const MAX_BRANCHES = 20;
const objectSchema = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) });
const commitSchema = objectSchema.extend({ tree: objectSchema });

/** Costs one request for each file, and three or four more. */
export async function readForProposal(
  c: ProviderContext,
  repository: string,
  name: string,
  paths: readonly string[],
): Promise<ProposedState> {
  const where = splitName(repository);
  const about = { what: 'repository', subject: repository } as const;
  const { default_branch: base, full_name } = (
    await read(c, { route: 'GET /repos/{owner}/{repo}', params: where, about }, repositorySchema)
  ).data;
  const pulls = await readPages(
    c,
    { route: 'GET /repos/{owner}/{repo}/pulls', params: { ...where, state: 'open' }, about },
    z.array(pullSchema),
    (page) => page,
    3,
  );
  const ours = pulls.find((pull) => isOurs(pull, { name, base, repository: full_name }));
  const at = ours?.head.sha ?? (await headOf(c, placeIn(repository, base), base, 'branch'));
  if (!at)
    throw new ProviderError(
      'notFound',
      'no_ref',
      `${repository} has no commit on ${base} yet. Push a first one, then try again.`,
    );
  const texts = await inParallel(paths, 4, (path) => textAt(c, where, path, at));
  return {
    base,
    at,
    open: ours ? toProposal(ours) : null,
    files: Object.fromEntries(paths.map((path, index) => [path, texts[index] ?? null])),
  };
}

/** No slug has a full stop, so the second branch of one component is never the first of another. */
const branchOf = (name: string, number: number) => `aetherstack/${name}${number === 1 ? '' : `.${number}`}`;
/** Stays in the description, unseen. A branch of our name may be anybody's; what has no mark is not added to. */
const markOf = (name: string) => `<!-- aetherstack: ${name} -->`;

function isOurs(pull: Pull, { name, base, repository }: { name: string; base: string; repository: string }): boolean {
  const first = branchOf(name, 1);
  const { ref, repo } = pull.head;
  const named = ref.startsWith(first) && /^(?:\.\d+)?$/.test(ref.slice(first.length));
  const marked = pull.body?.includes(markOf(name)) ?? false;
  return named && marked && repo?.full_name === repository && pull.base.ref === base;
}

/**
 * Tree, commit, branch, pull request: each one request that is never repeated here. Nothing is visible before the branch
 * is, and a branch only moves forwards from the commit that was read.
 * Source: https://docs.github.com/en/rest/guides/using-the-rest-api-to-interact-with-your-git-database
 */
export async function propose(c: ProviderContext, repository: string, wanted: WantedProposal): Promise<Proposal> {
  const where = splitName(repository);
  const { from } = wanted;
  const body = `${wanted.body}\n${markOf(wanted.name)}\n`;
  const branch = from.open?.branch ?? (await freeBranch(c, repository, wanted));
  const sha = await commit(c, where, wanted);
  const about = { what: 'ref', subject: branch } as const;
  if (from.open) {
    await moved(
      write(c, {
        route: 'PATCH /repos/{owner}/{repo}/git/refs/{ref}',
        params: { ...where, ref: `heads/${branch}`, sha, force: false },
        about,
      }),
    );
    await make(
      c,
      {
        route: 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
        params: { ...where, pull_number: from.open.id, title: wanted.title, body },
        about,
      },
      pullSchema,
    );
    return from.open;
  }
  await make(
    c,
    { route: 'POST /repos/{owner}/{repo}/git/refs', params: { ...where, ref: `refs/heads/${branch}`, sha }, about },
    gitRefSchema,
  );
  const params = { ...where, title: wanted.title, body, head: branch, base: from.base };
  const pull = await make(c, { route: 'POST /repos/{owner}/{repo}/pulls', params, about }, pullSchema);
  return toProposal(pull);
}

/** A branch of an earlier proposal stays as it is: what was closed or merged there may still be looked at. */
async function freeBranch(c: ProviderContext, repository: string, { name, from }: WantedProposal): Promise<string> {
  for (let number = 1; number <= MAX_BRANCHES; number++) {
    const branch = branchOf(name, number);
    if ((await headOf(c, placeIn(repository, from.base), branch, 'branch')) === null) return branch;
  }
  throw refused(
    'too_many_branches',
    `There are ${MAX_BRANCHES} branches ${branchOf(name, 1)}… already. Delete those that are no longer needed.`,
  );
}

async function commit(c: ProviderContext, where: Where, { from, files, title }: WantedProposal): Promise<string> {
  const about = { what: 'commit', subject: from.at.slice(0, 7) } as const;
  const read_ = {
    route: 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}',
    params: { ...where, commit_sha: from.at },
    about,
  };
  const { tree } = (await read(c, read_, commitSchema)).data;
  const entries = files.map(({ path, text }) => ({ path, mode: '100644', type: 'blob', content: text }));
  const trees = {
    route: 'POST /repos/{owner}/{repo}/git/trees',
    params: { ...where, base_tree: tree.sha, tree: entries },
    about,
  } as const;
  // A commit that changes nothing has the tree that is there; GitHub makes none without entries.
  const made = entries.length === 0 ? tree : await make(c, trees, objectSchema);
  const params = { ...where, message: title, tree: made.sha, parents: [from.at] };
  return (await make(c, { route: 'POST /repos/{owner}/{repo}/git/commits', params, about }, objectSchema)).sha;
}

async function make<T>(c: ProviderContext, call: Call, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse((await write(c, call)).data);
  if (parsed.success) return parsed.data;
  throw new ProviderError(
    'protocol',
    'unexpected_answer',
    `GitHub answered something that this version does not understand (${call.route.split(' ')[1]}). Please report it.`,
  );
}

async function moved(sent: Promise<Answer<unknown>>): Promise<void> {
  try {
    await sent;
  } catch (error) {
    const late = error instanceof ProviderError && error.code === 'refused' && /fast.forward/i.test(error.message);
    throw late
      ? refused(
          'proposal_moved',
          'Somebody has added a commit meanwhile, so nothing was changed. Look at what is there now, then try again.',
        )
      : error;
  }
}

const toProposal = (pull: Pull): Proposal => ({ id: String(pull.number), url: pull.html_url, branch: pull.head.ref });
const placeIn = (repository: string, defaultRef: string) => ({
  repository,
  workflow: '',
  defaultRef,
  ...splitName(repository),
});

function refused(code: string, sentence: string): ProviderError {
  return new ProviderError('rejected', code, sentence);
}
