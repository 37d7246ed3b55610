import type { ImageSource } from '@/lib/components/model/image-source';
import type { Refusal } from '@/lib/kernel/errors';
import type { InputValue } from '@/lib/providers/port';

/** One image as the composer shows it: a digest with every tag that leads to it now. Times are ISO 8601 in UTC. */
export interface ImageRow {
  digest: string;
  /** What goes to the workflow: `host/repository@sha256:…`. */
  reference: string;
  /** As far as they were looked up; a digest that only runs somewhere may have none. */
  tags: string[];
  createdAt: string | null;
  /** Commit it was built from; `message` where the console has deployed that commit before. */
  revision: { sha: string; message: string | null } | null;
  version: string | null;
  platforms: string[];
  /** As downloaded for the wanted platform. Bytes; null where it was not read. */
  sizeBytes: number | null;
  attestations: number;
  /** Environments of this component in which it is live. */
  liveIn: string[];
  /** Why it cannot be deployed here; null when it can. */
  refusal: string | null;
}

/** What runs in another place of the same component, to be taken along by its digest. */
export interface RunningImage {
  environment: { slug: string; name: string };
  label: string;
  deployment: { id: string; number: number };
  /** What was deployed there with it. */
  revision: { ref: string; refKind: 'branch' | 'tag'; sha: string };
  digest: string;
  /** Null when it cannot be read; `refusal` says why. */
  image: ImageRow | null;
  refusal: string | null;
}

export interface ComposerImages {
  /** Null when the component names no image repository. */
  source:
    | (Pick<ImageSource, 'repository' | 'imageInput' | 'digestInput' | 'platform'> & {
        connection: { id: string; name: string };
      })
    | null;
  rows: ImageRow[];
  /** Pass back as `page`; null after the last one. */
  next: number | null;
  /** Tags that match, and whether the registry has more than were read. */
  total: number;
  cut: boolean;
  running: RunningImage[];
  /** Tags that are there and could not be read. */
  unreadable: { tag: string; sentence: string }[];
  /** Why there is nothing to choose from; null when there is. */
  trouble: Refusal | null;
}

export const NO_IMAGES: ComposerImages = {
  source: null,
  rows: [],
  next: null,
  total: 0,
  cut: false,
  running: [],
  unreadable: [],
  trouble: null,
};

const DIGEST = /(?:^|@)(sha256:[0-9a-f]{64})$/;

/** The digest in `name@sha256:…` or alone; null when there is none. */
export function digestIn(value: InputValue | undefined): string | null {
  return typeof value === 'string' ? (DIGEST.exec(value)?.[1] ?? null) : null;
}

/** An input for the digest holds nothing but the digest: a workflow puts it behind a name of its own. */
function digestOf(source: Pick<ImageSource, 'digestInput'>, name: string, value: InputValue | undefined) {
  const digest = digestIn(value);
  return name === source.digestInput && value !== digest ? null : digest;
}

type Inputs = Readonly<Record<string, InputValue>>;

/** What an image puts into the workflow's inputs. */
export function inputsFor(
  source: Pick<ImageSource, 'imageInput' | 'digestInput'>,
  row: Pick<ImageRow, 'digest' | 'reference'>,
) {
  return {
    ...(source.imageInput ? { [source.imageInput]: row.reference } : {}),
    ...(source.digestInput ? { [source.digestInput]: row.digest } : {}),
  };
}

export type Named =
  | { kind: 'none' }
  | { kind: 'image'; digest: string; reference: string | null }
  | { kind: 'refused'; input: string; code: string; sentence: string };

/** Which image a deployment's inputs name: pinned by its digest, the same in both inputs, or none at all. */
export function imageIn(source: Pick<ImageSource, 'imageInput' | 'digestInput'>, inputs: Inputs): Named {
  const given = [source.imageInput, source.digestInput]
    .filter((name) => name !== null)
    .filter((name) => inputs[name] !== undefined && inputs[name] !== '');
  const digests = given.map((name) => ({ name, digest: digestOf(source, name, inputs[name]) }));
  const loose = digests.find((each) => each.digest === null);
  if (loose) {
    const sentence = `${loose.name} names no digest, and a tag can be moved to another image. Choose an image from the list.`;
    return { kind: 'refused', input: loose.name, code: 'image_not_pinned', sentence };
  }
  const [first, other] = digests;
  if (!first?.digest) return { kind: 'none' };
  if (other && other.digest !== first.digest) {
    const sentence = `${first.name} and ${other.name} name two different images. Choose one from the list: it fills in both.`;
    return { kind: 'refused', input: other.name, code: 'image_mismatch', sentence };
  }
  const whole = source.imageInput ? inputs[source.imageInput] : undefined;
  const reference = typeof whole === 'string' && whole !== '' ? whole : null;
  return { kind: 'image', digest: first.digest, reference };
}

/** Why an image does not run where it is to go; null when it does. */
export function platformRefusal(platforms: readonly string[], wanted: string | null): string | null {
  if (platforms.length === 0) return 'This is no image that runs: a chart, a signature or the like.';
  if (wanted === null || platforms.some((name) => name === wanted || name.startsWith(`${wanted}/`))) return null;
  return `There is no ${wanted} in it, only ${listed(platforms)}. Build it for ${wanted}, or change the platform in the component’s settings.`;
}

const MAX_LISTED = 5;

function listed(platforms: readonly string[]): string {
  const more = platforms.length - MAX_LISTED;
  return `${platforms.slice(0, MAX_LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What signers and builders leave beside images. */
const ASIDE = /^sha256-[0-9a-f]{64}(?:\.[a-z]+)?$/;
const VERSION = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?$/;

/** A collator costs far more to make than to ask, and `localeCompare` makes one each time. */
const NAMES = new Intl.Collator('en', { numeric: true });

/**
 * What may be an image, once each: `latest`, versions from the highest down, then by name. A registry tells no times with
 * its tags, so none can be had without reading each.
 */
export function orderTags(names: readonly string[]): string[] {
  const tags = [...new Set(names)].filter((name) => !ASIDE.test(name));
  return tags
    .map((name) => ({ name, version: VERSION.exec(name), weight: name === 'latest' ? 0 : VERSION.test(name) ? 1 : 2 }))
    .sort((a, b) => a.weight - b.weight || byVersion(a, b) || NAMES.compare(b.name, a.name))
    .map(({ name }) => name);
}

/** Those of an ordered list that match; what was built from the chosen commit comes first. */
export function findTags(ordered: readonly string[], query: string, sha: string | null): string[] {
  const wanted = query.trim().toLowerCase();
  const short = sha?.slice(0, 7);
  const found = ordered.filter((name) => name.toLowerCase().includes(wanted));
  if (!short) return found;
  return [...found.filter((name) => name.includes(short)), ...found.filter((name) => !name.includes(short))];
}

interface Versioned {
  name: string;
  version: RegExpExecArray | null;
}

function byVersion(a: Versioned, b: Versioned): number {
  if (!a.version || !b.version) return 0;
  for (const part of [1, 2, 3]) {
    const difference = Number(b.version[part] ?? 0) - Number(a.version[part] ?? 0);
    if (difference !== 0) return difference;
  }
  // A pre-release comes after the release that it leads to.
  return Number(a.name.includes('-')) - Number(b.name.includes('-'));
}

/** Rows of several pages: a digest once, with all its tags. */
export function mergeRows(rows: readonly ImageRow[]): ImageRow[] {
  const merged = new Map<string, ImageRow>();
  for (const row of rows) {
    const known = merged.get(row.digest);
    merged.set(row.digest, known ? { ...known, tags: [...new Set([...known.tags, ...row.tags])] } : row);
  }
  return [...merged.values()];
}

/** Tags that led to the chosen image when it was chosen, and lead elsewhere now. What is deployed is the digest. */
export function movedTags(chosen: Pick<ImageRow, 'digest' | 'tags'>, rows: readonly ImageRow[]): string[] {
  return chosen.tags.filter((tag) => rows.some((row) => row.tags.includes(tag) && row.digest !== chosen.digest));
}
