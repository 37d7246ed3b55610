import { historyOf, resolveCommit } from './git';
import { simpleUser } from './people-view';
import { published, type Release } from './published';
import { iso, nodeId, objectId } from './random';
import { API, notFound, ok, paged, problem, type Reply, WEB } from './respond';
import type { RepoCall, RepoRoute } from './router';

const DOCS = '/releases/releases';
const TAG = '/git/tags#create-a-tag-object';

function view({ state }: RepoCall, release: Release) {
  const url = `${API}/repos/${release.repo}/releases/${release.id}`;
  const web = `${WEB}/${release.repo}/releases`;
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `https://uploads.github.com/repos/${release.repo}/releases/${release.id}/assets{?name,label}`,
    html_url: release.draft ? `${web}/tag/untagged-${release.id}` : `${web}/tag/${release.tag}`,
    id: release.id,
    author: simpleUser(state.person(release.author)),
    node_id: nodeId('RE', release.id),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    draft: release.draft,
    immutable: false,
    prerelease: release.preRelease,
    created_at: iso(release.at),
    published_at: release.publishedAt === null ? null : iso(release.publishedAt),
    assets: [],
    tarball_url: release.draft ? null : `${API}/repos/${release.repo}/tarball/${release.tag}`,
    zipball_url: release.draft ? null : `${API}/repos/${release.repo}/zipball/${release.tag}`,
    body: release.body,
  };
}

/** Drafts are only for those who may write. */
function visible({ state, world, repo, caller }: RepoCall): Release[] {
  const writes = caller.permissions === 'all' || caller.permissions.contents === 'write';
  return published(state, world).releases.filter((one) => one.repo === repo.fullName && (writes || !one.draft));
}

function list(call: RepoCall): Reply {
  const { items, headers } = paged(call.url, visible(call).toReversed());
  return ok(
    items.map((one) => view(call, one)),
    headers,
  );
}

function byTag(call: RepoCall): Reply {
  const found = visible(call).find((one) => !one.draft && one.tag === call.params.tag);
  return found ? ok(view(call, found)) : notFound(`${DOCS}#get-a-release-by-tag-name`);
}

const invalid = (docs: string, code: string, field: string) =>
  problem(422, 'Validation Failed', docs, [{ resource: 'Release', code, field }]);

/** What a published release does to the repository: its tag, where there was none. Null when that went well. */
async function tagFor(call: RepoCall, tag: string, target: string, docs: string): Promise<Reply | null> {
  const { repo, world, state, now, caller } = call;
  if (repo.tags.has(tag)) return null;
  // A rule of this world: nobody makes tags under this name.
  if (tag.startsWith('protected/'))
    return problem(
      422,
      'Repository rule violations found\n\nCannot create ref due to creations being restricted.',
      docs,
    );
  const sha = resolveCommit(repo, target);
  if (!sha) return invalid(docs, 'invalid', 'target_commitish');
  const data = { repo: repo.fullName, ref: `refs/tags/${tag}`, sha, actor: caller.login };
  await world.record({ at: now, kind: 'git.ref', data });
  state.fold(world.facts());
  return null;
}

async function create(call: RepoCall): Promise<Reply> {
  const { repo, body, world, state, now, caller } = call;
  const docs = `${DOCS}#create-a-release`;
  const { tag_name: tag } = body;
  if (typeof tag !== 'string' || !/^[^\s~^:?*[\\]+$/.test(tag)) return invalid(docs, 'custom', 'tag_name');
  const draft = body.draft === true;
  const { releases } = published(state, world);
  if (!draft && releases.some((one) => one.repo === repo.fullName && !one.draft && one.tag === tag))
    return invalid(docs, 'already_exists', 'tag_name');
  const target = String(body.target_commitish ?? repo.defaultBranch);
  const refused = draft ? null : await tagFor(call, tag, target, docs);
  if (refused) return refused;
  const data = {
    id: 190_000_000 + releases.length * 11,
    repo: repo.fullName,
    tag,
    target,
    name: String(body.name ?? ''),
    body: String(body.body ?? ''),
    draft,
    preRelease: body.prerelease === true,
    author: caller.login,
  };
  await world.record({ at: now, kind: 'release.created', data });
  const made = published(state, world).releases.at(-1);
  return made ? { status: 201, body: view(call, made) } : notFound(docs);
}

async function change(call: RepoCall): Promise<Reply> {
  const { params, body, world, state, now } = call;
  const docs = `${DOCS}#update-a-release`;
  const release = visible(call).find(({ id }) => String(id) === params.release_id);
  if (!release) return notFound(docs);
  const publishes = release.draft && body.draft === false;
  const tag = typeof body.tag_name === 'string' ? body.tag_name : release.tag;
  const target = typeof body.target_commitish === 'string' ? body.target_commitish : release.target;
  const refused = publishes ? await tagFor(call, tag, target, docs) : null;
  if (refused) return refused;
  const data = {
    ...{ id: release.id, tag, target },
    ...(typeof body.draft === 'boolean' ? { draft: body.draft } : {}),
    ...(typeof body.body === 'string' ? { body: body.body } : {}),
    ...(typeof body.name === 'string' ? { name: body.name } : {}),
  };
  await world.record({ at: now, kind: 'release.changed', data });
  published(state, world);
  return ok(view(call, release));
}

function notes({ repo, body }: RepoCall): Reply {
  const docs = `${DOCS}#generate-release-notes-content-for-a-release`;
  const { tag_name: tag, previous_tag_name: previous } = body;
  if (typeof tag !== 'string') return invalid(docs, 'missing_field', 'tag_name');
  const head = repo.tags.get(tag) ?? resolveCommit(repo, String(body.target_commitish ?? repo.defaultBranch));
  const before = typeof previous === 'string' ? repo.tags.get(previous) : undefined;
  if (!head || (typeof previous === 'string' && !before)) return invalid(docs, 'invalid', 'previous_tag_name');
  const known = new Set(before ? historyOf(repo, before).map(({ sha }) => sha) : []);
  const commits = historyOf(repo, head).filter(({ sha }) => !known.has(sha));
  const lines = commits.slice(0, 30).map(({ message, author }) => `* ${message.split('\n')[0]} by @${author.login}`);
  const range = before ? `compare/${previous}...${tag}` : `commits/${tag}`;
  const changelog = `**Full Changelog**: ${WEB}/${repo.fullName}/${range}`;
  return ok({ name: tag, body: `## What's Changed\n${lines.join('\n')}\n\n${changelog}` });
}

/** The object of an annotated tag. This world lets its name lead to the commit at once. */
async function createTagObject({ repo, body, world, now }: RepoCall): Promise<Reply> {
  const { tag, message, object, type } = body;
  if (typeof tag !== 'string' || typeof message !== 'string' || type !== 'commit')
    return problem(422, 'Invalid request.', TAG);
  if (typeof object !== 'string' || !repo.commits.has(object)) return problem(422, 'Object does not exist', TAG);
  const sha = objectId('tag', repo.fullName, tag, message, object, now);
  await world.record({ at: now, kind: 'git.tag', data: { repo: repo.fullName, sha, object } });
  const url = `${API}/repos/${repo.fullName}/git`;
  return {
    status: 201,
    body: {
      node_id: nodeId('TA', sha),
      tag,
      sha,
      url: `${url}/tags/${sha}`,
      message,
      tagger: { name: 'AetherStack', email: 'release@aetherstack.example.com', date: iso(now) },
      object: { type, sha: object, url: `${url}/commits/${object}` },
      verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
    },
  };
}

export const releaseRoutes: readonly RepoRoute[] = [
  { method: 'GET', path: '/releases', needs: 'contents=read', docs: `${DOCS}#list-releases`, handle: list },
  { method: 'POST', path: '/releases', needs: 'contents=write', docs: `${DOCS}#create-a-release`, handle: create },
  {
    method: 'POST',
    path: '/releases/generate-notes',
    needs: 'contents=write',
    docs: `${DOCS}#generate-release-notes-content-for-a-release`,
    handle: notes,
  },
  { method: 'GET', path: '/releases/tags/{+tag}', needs: 'contents=read', docs: DOCS, handle: byTag },
  { method: 'PATCH', path: '/releases/{release_id}', needs: 'contents=write', docs: DOCS, handle: change },
  { method: 'POST', path: '/git/tags', needs: 'contents=write', docs: TAG, handle: createTagObject },
];
