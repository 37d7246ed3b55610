import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The miniature AetherStack monorepo: path → text of every file. */
export async function repositoryFiles(
  root = path.join(import.meta.dirname, 'repository'),
): Promise<Map<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const read = files
    .sort()
    .map(
      async (file): Promise<[string, string]> => [
        path.relative(root, file).split(path.sep).join('/'),
        await readFile(file, 'utf8'),
      ],
    );
  return new Map(
    (await Promise.all(read)).filter(([name]) => !/(^|\/)(node_modules|__pycache__|\.venv|dist)\//.test(name)),
  );
}
