import { z } from 'zod';

/** One version of a documentation site that keeps several next to each other, on a branch that the site is served from. */
export interface PublishedVersion {
  /** Folder of the version, such as `1.4`. */
  version: string;
  title: string;
  /** Names that lead to it, such as `stable`, in the order of the alphabet. */
  aliases: string[];
  /** Beginning of the commit that it was built from, as the publication wrote it down; null when nothing says so. */
  sha: string | null;
  /** ISO 8601; null with `sha`. */
  at: string | null;
}

/** A commit of the served branch. */
export interface SiteCommit {
  message: string;
  /** ISO 8601. */
  at: string;
}

export type SiteVersions = { versions: PublishedVersion[] } | { problem: string };

const MAX_VERSIONS = 1_000;

/** Names of folders: the tool that writes them allows everything but a way out. */
const name = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => text !== '.' && text !== '..' && !/[\\/\p{Cc}]/u.test(text));

/** What `mike` writes at the root of the site. Source: https://github.com/jimporter/mike, mike/versions.py */
const versionsFile = z
  .array(z.object({ version: name, title: z.string().max(1_000), aliases: z.array(name).max(200) }))
  .max(MAX_VERSIONS);

/** The message of a publication, as `mike` writes it when nobody gives another. */
const DEPLOYED = /^Deployed ([0-9a-f]{4,40}) to (.+?)(?: in (.+))? with MkDocs \S+ and mike \S+$/;

/**
 * The versions of a site, newest first as the file has them, each with the commit that it was built from.
 * @param file text of `versions.json`
 * @param log commits of the served branch, newest first; as many as were read
 * @param prefix folder of the site on the branch; empty for its root
 */
export function siteVersions(file: string, log: readonly SiteCommit[], prefix = ''): SiteVersions {
  const listed = versionsFile.safeParse(parsed(file));
  if (!listed.success)
    return {
      problem: 'versions.json is not what mike writes. Publish a version again, or mend the file on its branch.',
    };
  const names = listed.data.flatMap((each) => [each.version, ...each.aliases]);
  const twice = names.find((each, n) => names.indexOf(each) !== n);
  if (twice !== undefined)
    return {
      problem: `“${twice}” stands for two versions in versions.json. Publish one of them again with its aliases.`,
    };
  const built = publications(log, prefix);
  return {
    versions: listed.data.map(({ version, title, aliases }) => ({
      version,
      title,
      aliases: aliases.toSorted(),
      ...(built.get(version) ?? { sha: null, at: null }),
    })),
  };
}

/** The newest publication of each version. */
function publications(log: readonly SiteCommit[], prefix: string): Map<string, { sha: string; at: string }> {
  const found = new Map<string, { sha: string; at: string }>();
  for (const { message, at } of log) {
    const [, sha, version, inside = ''] = DEPLOYED.exec(firstLine(message)) ?? [];
    if (sha && version && inside === prefix && !found.has(version)) found.set(version, { sha, at });
  }
  return found;
}

/** Anybody who may push writes messages; a long one would keep the pattern busy. */
const firstLine = (message: string) => message.slice(0, 500).split('\n', 1)[0] ?? '';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a name leads to: a version's own name, or one of its aliases; null when nothing has it. */
export function versionNamed(versions: readonly PublishedVersion[], wanted: string): PublishedVersion | null {
  return versions.find((each) => each.version === wanted || each.aliases.includes(wanted)) ?? null;
}

/** Whether this commit is what a name serves, by the digits that are known of both. */
export function serves(version: PublishedVersion, sha: string): boolean {
  return version.sha !== null && (sha.startsWith(version.sha) || version.sha.startsWith(sha));
}
