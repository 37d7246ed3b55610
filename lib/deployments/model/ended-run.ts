import { catalog } from '../../providers/catalog.generated';
import type { AnyProvider, Observation, ObservedStep, StepStatus } from '../../providers/port';

/** What is seen of a deployment; `runEndedAt`: its run ended badly then, and its gallery is asked all the same. */
export type Seen = Observation & { runEndedAt?: Date };

type Manifest = Pick<AnyProvider['manifest'], 'capabilities'>;

/** In which words steps and jobs name a gallery, all others, and the tools that publish; as the manifests write them. */
interface GalleryWords {
  own: readonly string[];
  others: readonly string[];
  tools: readonly string[];
}

/** `begun`: a step that publishes there began and did not itself fail. `perhaps`: nothing that ran says which gallery it was for. */
export type Evidence = 'none' | 'perhaps' | 'begun';

/** How a step reads that hands a package to a gallery: the blueprint's, and what GitHub calls one without a name. */
const PUBLISHES = /publish/i;
/** What else is published in a run: it says nothing of the package. */
const NO_PACKAGE =
  /publish\w*\b[^,;(]*\b(?:tests?|results?|reports?|coverage|artifacts?|notes|github release|pages|docs|documentation|images?|to npm)\b/i;
/** Whatever runs a gallery's tool may publish too, unless it says that it does something else with it. */
const PREPARES = /package|install|set ?up|\bls\b|\blist\b|log ?in|verify|version|check/i;

/** One that failed says so itself, and why: it is no more likely to be there than any other failure, and is looked for after its end. */
const NOT_THERE: readonly StepStatus[] = ['queued', 'skipped', 'failed'];

/** What the steps of a run that is over tell of whether it published to this gallery. A run without jobs did nothing. */
export function evidenceOf({ steps }: Pick<Observation, 'steps'>, gallery: Manifest): Evidence {
  const words = wordsOf(gallery);
  const detailed = new Set(steps.filter(({ number }) => number > 0).map(({ jobId }) => jobId));
  const finest = steps.filter(({ number, jobId }) => number > 0 || !detailed.has(jobId));
  const named = thosePublishing(finest, words);
  if (named.length === 0) return finest.some(mayHave) ? 'perhaps' : 'none';
  const here = (place: Place) => named.filter((step) => placeOf(step, words) === place);
  const [own, unnamed] = [here('own'), here('unnamed')];
  if (own.some(mayHave)) return 'begun';
  if (own.length === 0 && unnamed.length > 0 && unnamed.every(mayHave)) return 'begun';
  // Of several that name no gallery, the one that failed may have been for this one, or not; nor need a name say all.
  const left = own.length + unnamed.length > 0 ? unnamed : named;
  return left.some(mayHave) ? 'perhaps' : 'none';
}

/** Each gallery says how it is told; what is another one's, all the others say. */
function wordsOf(gallery: Manifest): GalleryWords {
  const wordsIn = ({ capabilities: { publish } }: Manifest) =>
    publish ? [...publish.inRuns.gallery, publish.inRuns.tool] : [];
  const all = Object.values(catalog);
  const own = wordsIn(gallery);
  const others = all.flatMap(wordsIn).filter((word) => !own.includes(word));
  return { own, others, tools: all.flatMap(({ capabilities }) => capabilities.publish?.inRuns.tool ?? []) };
}

function thosePublishing(steps: readonly ObservedStep[], { tools }: GalleryWords): readonly ObservedStep[] {
  return steps.filter(({ name }) =>
    PUBLISHES.test(name) ? !NO_PACKAGE.test(name) : has(name, tools) && !PREPARES.test(name),
  );
}

type Place = 'own' | 'other' | 'unnamed';

/** By its own name, else by its job's: that of a matrix has the gallery in it. Words of two (“Open VSX Marketplace”) name none. */
function placeOf({ name, job }: ObservedStep, { own, others }: GalleryWords): Place {
  const says = (text: string) => {
    const [isOwn, isOther] = [has(text, own), has(text, others)];
    if (isOwn === isOther) return null;
    return isOwn ? 'own' : 'other';
  };
  return says(name) ?? says(job) ?? 'unnamed';
}

function has(text: string, words: readonly string[]): boolean {
  const bare = text.toLowerCase().replaceAll(/[\s_-]+/g, '');
  return words.some((word) => bare.includes(word));
}

/** A job that was cancelled before its first step has none. What took too long was cut off, and may have done it. */
function mayHave({ status, number, timedOut }: ObservedStep): boolean {
  if (timedOut) return true;
  return !NOT_THERE.includes(status) && !(number === 0 && status === 'cancelled');
}
