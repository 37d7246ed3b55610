import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { z } from 'zod';
import { type BlueprintFile, recordPath } from './generate';
import { readSeal, type Seal, sha256, takesComments } from './seal';

/**
 * `missing`: not there. `same`: nothing to do. `older`: as we made it once, and we would make it otherwise now.
 * `edited`: made by us, then changed by people. `differs`: never ours.
 */
export type FileState = 'missing' | 'same' | 'older' | 'edited' | 'differs';

export interface FileComparison {
  path: string;
  blueprint: string;
  state: FileState;
  /** What replacing it would do, as a unified diff; empty when it is the same. */
  diff: string;
  /** SHA-256 of the text in the repository; null when there is none. */
  before: string | null;
  after: string;
}

/** Longer files are shown whole, not compared: a diff of two of them may take minutes. */
const MAX_COMPARED = 200_000;
const MAX_DIFF_MS = 500;
const SHAPE = { context: 3, headerOptions: FILE_HEADERS_ONLY };

const PATH = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._@-]+)*$/;
const MAX_LEFT_OVER = 40;

const record = z.object({
  settings: z.object({ name: z.string() }),
  files: z.record(z.string(), z.string()),
});

/** What is in the repository, by path, against what the blueprints would write. In the order of `wanted`. */
export async function compareFiles(
  existing: ReadonlyMap<string, string>,
  wanted: readonly BlueprintFile[],
  name: string,
): Promise<FileComparison[]> {
  const recorded = recordedDigests(existing.get(recordPath(name)));
  return Promise.all(wanted.map((file) => compareOne(existing.get(file.path), file, { name, recorded })));
}

/** What is ours in the repository: the component's name, and the digests that its record has. */
interface Ours {
  name: string;
  recorded: ReadonlyMap<string, string>;
}

async function compareOne(text: string | undefined, file: BlueprintFile, ours: Ours): Promise<FileComparison> {
  const state = await stateOf(text, file, ours);
  return {
    path: file.path,
    blueprint: file.blueprint,
    state,
    diff: state === 'same' ? '' : diffOf(text, file),
    before: text === undefined ? null : await sha256(text),
    after: await sha256(file.text),
  };
}

async function stateOf(text: string | undefined, file: BlueprintFile, { name, recorded }: Ours): Promise<FileState> {
  if (text === undefined) return 'missing';
  const unix = text.replaceAll('\r\n', '\n');
  if (unix === file.text) return 'same';
  // The record holds its own settings, which people may change there: it is theirs and ours.
  if (file.blueprint === 'record') return recordIn(unix)?.settings.name === name ? 'older' : 'differs';
  const found = takesComments(file.path)
    ? await readSeal(unix)
    : await recordedSeal(unix, recorded.get(file.path), name);
  // Another component may have the same folder: its files are somebody's, and not ours.
  if (found?.of !== name) return 'differs';
  return found.said === found.is ? 'older' : 'edited';
}

async function recordedSeal(text: string, said: string | undefined, of: string): Promise<Seal | null> {
  return said === undefined ? null : { said, is: await sha256(text), of };
}

/** What the record of a component says was made once and is not wanted now. The repository's text is not to be trusted. */
export function recordedElsewhere(text: string | null | undefined, wanted: readonly { path: string }[]): string[] {
  const paths = new Set(wanted.map(({ path }) => path));
  return [...recordedDigests(text ?? undefined).keys()]
    .filter((path) => PATH.test(path) && !path.includes('..') && !paths.has(path))
    .sort()
    .slice(0, MAX_LEFT_OVER);
}

function recordedDigests(text: string | undefined): ReadonlyMap<string, string> {
  return new Map(Object.entries(recordIn(text)?.files ?? {}));
}

/** Null for what is no record. */
function recordIn(text: string | undefined): z.output<typeof record> | null {
  try {
    return record.safeParse(JSON.parse(text ?? '')).data ?? null;
  } catch {
    return null;
  }
}

function diffOf(text: string | undefined, { path, text: after }: BlueprintFile): string {
  const before = text === undefined ? '/dev/null' : `a/${path}`;
  const options = { ...SHAPE, timeout: MAX_DIFF_MS };
  const small = (text?.length ?? 0) + after.length <= MAX_COMPARED;
  const patch = small ? createTwoFilesPatch(before, `b/${path}`, text ?? '', after, '', '', options) : undefined;
  return patch ?? createTwoFilesPatch('/dev/null', `b/${path}`, '', after, '', '', SHAPE);
}

/**
 * Stands for exactly what was shown: whoever writes the files gives it back, and is refused when the repository or the
 * blueprints have changed since.
 */
export function shownDigest(comparisons: readonly FileComparison[]): Promise<string> {
  return sha256(JSON.stringify(comparisons.map(({ path, before, after }) => [path, before, after])));
}
