import { z } from 'zod';
import {
  type ProviderContext,
  ProviderError,
  type PublishedRelease,
  type RepositoryTag,
  type WantedNotes,
  type WantedRelease,
} from '../port';
import { type Answer, type Call, read, readPages, write } from './client';
import { headOf, isRefName } from './refs';
import { namedHeadSchema } from './schema';
import { notesSchema, type RawRelease, releaseSchema, tagObjectSchema } from './schema-releases';
import { splitName } from './target';

const MAX_PAGES = 1;
const placeOf = (repository: string) => ({ ...splitName(repository), repository, workflow: '', defaultRef: '' });
const FULL_SHA = /^[0-9a-f]{40}$/;

/** Source: https://docs.github.com/en/rest/releases/releases#list-releases */
export async function listReleases(c: ProviderContext, repository: string): Promise<PublishedRelease[]> {
  const shas = new Map((await listTags(c, repository)).map(({ name, sha }) => [name, sha]));
  const rows = await allReleases(c, repository);
  return rows.map((row) => toRelease(row, shas.get(row.tag_name) ?? null));
}

function allReleases(c: ProviderContext, repository: string): Promise<RawRelease[]> {
  const call = {
    route: 'GET /repos/{owner}/{repo}/releases',
    params: splitName(repository),
    about: { what: 'repository', subject: repository },
  } as const;
  return readPages(c, call, z.array(releaseSchema), (page) => page, MAX_PAGES);
}

/** The address for one tag knows no drafts, so those are looked for in the list. */
export async function releaseByTag(c: ProviderContext, repository: string, tag: string) {
  const params = { ...splitName(repository), tag };
  const call = { route: 'GET /repos/{owner}/{repo}/releases/tags/{tag}', params } as const;
  const about = { what: 'release', subject: tag } as const;
  try {
    const { data } = await read(c, { ...call, about }, releaseSchema);
    return toRelease(data, await tagSha(c, repository, tag));
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'notFound') throw error;
  }
  const draft = (await allReleases(c, repository)).find((row) => row.draft && row.tag_name === tag);
  return draft ? toRelease(draft, await tagSha(c, repository, tag)) : null;
}

export async function tagSha(c: ProviderContext, repository: string, name: string): Promise<string | null> {
  if (!isRefName(name))
    throw new ProviderError('rejected', 'bad_tag', `“${name.slice(0, 80)}” cannot be the name of a tag in git.`);
  return headOf(c, placeOf(repository), name, 'tag');
}

/** Annotated tags are followed to their commits by GitHub. At most 200. */
export function listTags(c: ProviderContext, repository: string): Promise<RepositoryTag[]> {
  const call = {
    route: 'GET /repos/{owner}/{repo}/tags',
    params: splitName(repository),
    about: { what: 'repository', subject: repository },
  } as const;
  const rows = (page: z.infer<typeof namedHeadSchema>[]) => page.map(({ name, commit }) => ({ name, sha: commit.sha }));
  return readPages(c, call, z.array(namedHeadSchema), rows, 2);
}

/** Source: https://docs.github.com/en/rest/git/tags#create-a-tag-object */
export async function createTag(c: ProviderContext, repository: string, tag: RepositoryTag & { message: string }) {
  const params = splitName(repository);
  const about = { what: 'tag', subject: tag.name } as const;
  const object = { tag: tag.name, message: tag.message, object: tag.sha, type: 'commit' };
  const made = await ask(
    c,
    { route: 'POST /repos/{owner}/{repo}/git/tags', params: { ...params, ...object }, about },
    tagObjectSchema,
  );
  await write(c, {
    route: 'POST /repos/{owner}/{repo}/git/refs',
    params: { ...params, ref: `refs/tags/${tag.name}`, sha: made.sha },
    about,
  });
}

/** Asks only, although it is a POST; so it is sent once like every other. */
export function generateNotes(c: ProviderContext, repository: string, wanted: WantedNotes) {
  const params = {
    ...splitName(repository),
    tag_name: wanted.tag,
    target_commitish: wanted.sha,
    ...(wanted.previousTag ? { previous_tag_name: wanted.previousTag } : {}),
    ...(wanted.configuration ? { configuration_file_path: wanted.configuration } : {}),
  };
  const about = { what: 'tag', subject: wanted.previousTag ?? wanted.tag } as const;
  return ask(c, { route: 'POST /repos/{owner}/{repo}/releases/generate-notes', params, about }, notesSchema);
}

/** Stays in the text, unseen, so that a second try finds what the first one made. */
export const markOf = (marker: string) => `<!-- aetherstack: ${marker} -->`;

export async function createRelease(c: ProviderContext, repository: string, wanted: WantedRelease) {
  const params = {
    ...splitName(repository),
    tag_name: wanted.tag,
    target_commitish: wanted.sha,
    name: wanted.name,
    body: `${wanted.body}\n\n${markOf(wanted.marker)}\n`,
    draft: wanted.draft,
    prerelease: wanted.preRelease,
    make_latest: String(wanted.latest),
  };
  const about = { what: 'release', subject: wanted.tag } as const;
  const row = await ask(c, { route: 'POST /repos/{owner}/{repo}/releases', params, about }, releaseSchema);
  return toRelease(row, wanted.sha);
}

export async function publishRelease(
  c: ProviderContext,
  repository: string,
  { id, tag, sha, latest }: { id: string; tag: string; sha: string; latest: boolean },
) {
  const params = {
    ...{ ...splitName(repository), release_id: id, tag_name: tag, target_commitish: sha },
    ...{ draft: false, make_latest: String(latest) },
  };
  const about = { what: 'release', subject: tag } as const;
  const row = await ask(
    c,
    { route: 'PATCH /repos/{owner}/{repo}/releases/{release_id}', params, about },
    releaseSchema,
  );
  return toRelease(row, sha);
}

async function ask<T>(c: ProviderContext, call: Call, schema: z.ZodType<T>): Promise<T> {
  const answer: Answer<unknown> = await write(c, call);
  const parsed = schema.safeParse(answer.data);
  if (parsed.success) return parsed.data;
  const sentence = 'GitHub answered something that this version does not understand. Look there what became of it.';
  throw new ProviderError('protocol', 'unexpected_answer', sentence, { ambiguous: true });
}

/** A draft has no tag yet: where it will point is only known when a commit was named. */
function toRelease(row: RawRelease, tagged: string | null): PublishedRelease {
  const named = row.draft && FULL_SHA.test(row.target_commitish) ? row.target_commitish : null;
  return {
    id: row.id,
    tag: row.tag_name,
    sha: tagged ?? named,
    name: row.name === '' ? row.tag_name : row.name,
    body: row.body,
    draft: row.draft,
    preRelease: row.prerelease,
    immutable: row.immutable,
    author: row.author?.login ?? 'unknown',
    createdAt: row.created_at,
    publishedAt: row.published_at ?? null,
    url: row.html_url,
    assets: row.assets.map((asset) => ({
      name: asset.name,
      size: asset.size,
      downloads: asset.download_count,
      digest: asset.digest ?? null,
      url: asset.browser_download_url,
    })),
  };
}
