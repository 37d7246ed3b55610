import { z } from 'zod';
import type { FileList, ProviderContext } from '../port';
import { read, whenImmutable } from './client';
import type { Place } from './target';

const SHA = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);
const treeSchema = z.object({
  truncated: z.boolean(),
  tree: z.array(z.object({ path: z.string(), type: z.string(), sha: SHA, size: z.number().int().optional() })),
});
const blobSchema = z.object({ content: z.string(), encoding: z.string() });

/**
 * Goes down to the folder first, so that a large repository around it is not listed. Costs a request for each segment and
 * one more, each free when it is repeated. https://docs.github.com/en/rest/git/trees
 */
export async function listFiles(c: ProviderContext, place: Place, sha: string, folder: string): Promise<FileList> {
  let at = sha;
  for (const segment of folder.split('/').filter((each) => each !== '')) {
    const { tree } = await readTree(c, place, at, false);
    const found = tree.find(({ path, type }) => path === segment && type === 'tree');
    if (!found) return { files: [], complete: true };
    at = found.sha;
  }
  const { tree, truncated } = await readTree(c, place, at, true);
  const prefix = folder === '' ? '' : `${folder}/`;
  const files = tree.flatMap(({ path, type, sha: id, size }) =>
    type === 'blob' ? [{ path: `${prefix}${path}`, id, bytes: size ?? 0 }] : [],
  );
  return { files, complete: !truncated };
}

async function readTree(c: ProviderContext, { owner, repo }: Place, treeSha: string, recursive: boolean) {
  const call = {
    route: 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}',
    params: { owner, repo, tree_sha: treeSha, ...(recursive && { recursive: '1' }) },
    headers: whenImmutable(treeSha),
    about: { what: 'commit', subject: treeSha.slice(0, 7) },
  } as const;
  return (await read(c, call, treeSchema)).data;
}

/** https://docs.github.com/en/rest/git/blobs: up to 100 MB; the caller has seen how large it is. */
export async function textOf(c: ProviderContext, { owner, repo }: Place, id: string): Promise<string | null> {
  const call = {
    route: 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}',
    params: { owner, repo, file_sha: id },
    headers: whenImmutable(id),
    about: { what: 'file', subject: id.slice(0, 7) },
  } as const;
  const { content, encoding } = (await read(c, call, blobSchema)).data;
  const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');
  return bytes.includes(0) ? null : bytes.toString('utf8');
}
