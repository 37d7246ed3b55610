import { z } from 'zod';
import { type ProviderContext, ProviderError } from '../port';
import { read } from './client';
import { contentSchema } from './schema';

const MAX_BYTES = 1_048_576;
const listSchema = z.array(z.object({ type: z.string(), path: z.string(), sha: z.string() }));

/** A file at a commit or a branch, or (`ref` null) on the default branch; null when there is none. Throws `ProviderError` is_folder and file_too_large (1 MB). */
export async function textAt(
  c: ProviderContext,
  where: { owner: string; repo: string },
  path: string,
  ref: string | null,
): Promise<string | null> {
  const call = {
    route: 'GET /repos/{owner}/{repo}/contents/{path}',
    params: { owner: where.owner, repo: where.repo, path, ...(ref ? { ref } : {}) },
    about: { what: 'file', subject: path },
  } as const;
  try {
    const { data } = await read(c, call, z.union([contentSchema, z.array(z.unknown())]));
    if (Array.isArray(data))
      throw refused(
        'is_folder',
        `${path} is a folder in this repository, and a file of that name is needed. Rename the folder.`,
      );
    if (data.encoding === 'base64' && data.size <= MAX_BYTES)
      return Buffer.from(data.content, 'base64').toString('utf8');
    throw refused('file_too_large', `${path} is larger than 1 MB, so it is not read. Make it smaller, or remove it.`);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'notFound') return null;
    throw error;
  }
}

/** What lies in a folder, up to 1,000 things; null when there is no such folder. `ref`: null = the default branch. */
export async function folderAt(
  c: ProviderContext,
  { owner, repo }: { owner: string; repo: string },
  path: string,
  ref: string | null,
): Promise<z.output<typeof listSchema> | null> {
  const call = {
    route: 'GET /repos/{owner}/{repo}/contents/{path}',
    params: { owner, repo, path, ...(ref ? { ref } : {}) },
    about: { what: 'file', subject: path },
  } as const;
  try {
    return (await read(c, call, listSchema)).data;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'notFound') return null;
    throw error;
  }
}

function refused(code: string, sentence: string): ProviderError {
  return new ProviderError('rejected', code, sentence);
}
