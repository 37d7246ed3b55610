import { z } from 'zod';
import { type ProviderContext, ProviderError, type Ref, type Revision } from '../port';
import { read, readPages } from './client';
import { notFound } from './errors';
import { inParallel } from './in-parallel';
import { gitRefSchema, gitTagSchema, namedHeadSchema } from './schema';
import type { Place } from './target';

const MAX_TAG_DEPTH = 3;
const MAX_REFS = 100;
export const FULL_SHA = /^[0-9a-f]{40}$/;

/** The commit that a branch or a tag points at now; null when there is none of that name. */
export async function headOf(
  c: ProviderContext,
  place: Place,
  name: string,
  kind: Ref['kind'],
): Promise<string | null> {
  const prefix = kind === 'branch' ? 'heads' : 'tags';
  try {
    const answer = await read(
      c,
      {
        route: 'GET /repos/{owner}/{repo}/git/ref/{ref}',
        params: { owner: place.owner, repo: place.repo, ref: `${prefix}/${name}` },
        about: { what: 'ref', subject: name },
      },
      // An older server answers a prefix search here instead of 404: https://docs.github.com/en/rest/git/refs
      z.union([gitRefSchema, z.array(gitRefSchema)]),
    );
    if (Array.isArray(answer.data) || answer.data.ref !== `refs/${prefix}/${name}`) return null;
    return await peel(c, place, answer.data.object);
  } catch (error) {
    if (error instanceof ProviderError && (error.kind === 'notFound' || error.code === 'conflict')) return null;
    throw error;
  }
}

/** An annotated tag is an object of its own that points at the commit. */
async function peel(c: ProviderContext, place: Place, object: { sha: string; type: string }): Promise<string> {
  let at = object;
  for (let depth = 0; at.type === 'tag' && depth < MAX_TAG_DEPTH; depth++) {
    const answer = await read(
      c,
      {
        route: 'GET /repos/{owner}/{repo}/git/tags/{tag_sha}',
        params: { owner: place.owner, repo: place.repo, tag_sha: at.sha },
        about: { what: 'ref', subject: at.sha },
      },
      gitTagSchema,
    );
    at = answer.data.object;
  }
  if (at.type !== 'commit')
    throw new ProviderError(
      'rejected',
      'not_a_commit',
      'This tag does not point at a commit, so it cannot be deployed.',
    );
  return at.sha;
}

/** Branch first, then tag, unless the name says which: `refs/heads/x`, `refs/tags/x`. */
export async function findRef(c: ProviderContext, place: Place, name: string): Promise<Revision> {
  const said = /^refs\/(heads|tags)\/(.+)$/.exec(name);
  const bare = said?.[2] ?? name;
  if (!isRefName(bare)) throw notFound({ what: 'ref', subject: `“${bare.slice(0, 80)}”` });
  const kinds: Ref['kind'][] = said ? [said[1] === 'heads' ? 'branch' : 'tag'] : ['branch', 'tag'];
  for (const refKind of kinds) {
    const sha = await headOf(c, place, bare, refKind);
    if (sha) return { ref: bare, refKind, sha };
  }
  throw await whyNoRef(c, place, bare);
}

/** A branch also seems to be missing when the whole repository is, so that is asked first. */
export async function whyNoRef(c: ProviderContext, place: Place, name: string): Promise<ProviderError> {
  await requireShown(c, place);
  return notFound({ what: 'ref', subject: `“${name.slice(0, 80)}”` });
}

/** Throws `ProviderError` `no_repository`: what is asked about a repository that is hidden seems to be missing too. */
export async function requireShown(c: ProviderContext, place: Place): Promise<void> {
  const about = { what: 'repository', subject: place.repository } as const;
  const params = { owner: place.owner, repo: place.repo };
  await read(c, { route: 'GET /repos/{owner}/{repo}', params, about }, z.object({}));
}

/** What git accepts as a name (git-check-ref-format), so that junk never becomes part of an address. */
export function isRefName(name: string): boolean {
  if (name === '' || name.length > 255 || name === '@') return false;
  if (/[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|^[/.-]|[/.]$|\/\./u.test(name)) return false;
  return !name.split('/').some((part) => part.endsWith('.lock'));
}

/** Branches and tags whose name contains the query; those that begin with it come first. */
export async function searchRefs(c: ProviderContext, place: Place, query: string): Promise<Ref[]> {
  const wanted = query.trim();
  const found = (await allHeads(c, place)).filter((ref) => ref.name.toLowerCase().includes(wanted.toLowerCase()));
  const known = new Set(found.map((ref) => `${ref.kind}:${ref.name}`));
  const prefixed = isRefName(wanted) ? await matching(c, place, wanted, (ref) => known.has(ref)) : [];
  const begins = (ref: Ref): number => (ref.name.startsWith(wanted) ? 0 : 1);
  return [...prefixed, ...found].sort((a, b) => begins(a) - begins(b)).slice(0, MAX_REFS);
}

/** Up to 200 branches and 200 tags, branches first. */
export async function allHeads(c: ProviderContext, place: Place): Promise<Ref[]> {
  const [branches, tags] = await Promise.all([namedHeads(c, place, 'branch'), namedHeads(c, place, 'tag')]);
  return [...branches, ...tags];
}

function namedHeads(c: ProviderContext, place: Place, kind: Ref['kind']): Promise<Ref[]> {
  const call = {
    route: `GET /repos/{owner}/{repo}/${kind === 'branch' ? 'branches' : 'tags'}`,
    params: { owner: place.owner, repo: place.repo },
    about: { what: 'repository', subject: place.repository } as const,
  };
  const toRefs = (page: z.infer<typeof namedHeadSchema>[]): Ref[] =>
    page.map((head) => ({ name: head.name, kind, sha: head.commit.sha }));
  return readPages(c, call, z.array(namedHeadSchema), toRefs, 2);
}

/** Beyond the first pages of the lists: GitHub's own prefix search. */
async function matching(
  c: ProviderContext,
  place: Place,
  prefix: string,
  known: (key: string) => boolean,
): Promise<Ref[]> {
  const search = async (kind: Ref['kind']): Promise<Ref[]> => {
    const path = kind === 'branch' ? 'heads' : 'tags';
    const answer = await read(
      c,
      {
        route: 'GET /repos/{owner}/{repo}/git/matching-refs/{ref}',
        params: { owner: place.owner, repo: place.repo, ref: `${path}/${prefix}` },
        about: { what: 'repository', subject: place.repository },
      },
      z.array(gitRefSchema),
    );
    const fresh = answer.data
      .filter((each) => !known(`${kind}:${each.ref.slice(`refs/${path}/`.length)}`))
      .slice(0, 20);
    return inParallel(fresh, 5, async (each) => ({
      name: each.ref.slice(`refs/${path}/`.length),
      kind,
      sha: await peel(c, place, each.object),
    }));
  };
  const [branches, tags] = await Promise.all([search('branch'), search('tag')]);
  return [...branches, ...tags];
}
