import { type ProviderContext, ProviderError } from '../port';
import type { Container, TaskDefinition } from './schema';
import { readDefinition } from './service';
import type { Store } from './target';

/** Revisions before the present one that are looked at: one request each. */
const BEFORE = 4;

/** The same container in the present revision and the ones before it, newest first, up to the first that is not there. */
export interface History {
  revisions: { container: Container; at: string | null }[];
  /** The first revision of all is among them. */
  whole: boolean;
}

/** At most four requests, all at once. Throws `ProviderError`; a revision that was deleted ends it. */
export async function readHistory(c: ProviderContext, now: TaskDefinition, store: Store): Promise<History> {
  const numbers = Array.from({ length: BEFORE }, (_, back) => now.revision - 1 - back).filter((each) => each > 0);
  const older = await Promise.all(numbers.map((number) => earlier(c, now, number)));
  const all = [now, ...older];
  const revisions: History['revisions'] = [];
  for (const each of all) {
    const container = each?.containerDefinitions.find(({ name }) => name === store.container);
    if (!each || !container) break;
    revisions.push({ container, at: momentOf(each.registeredAt) });
  }
  return { revisions, whole: revisions.length === now.revision };
}

async function earlier(
  c: ProviderContext,
  { taskDefinitionArn, family }: TaskDefinition,
  revision: number,
): Promise<TaskDefinition | null> {
  const arn = taskDefinitionArn.replace(/:\d+$/, `:${revision}`);
  try {
    return (await readDefinition(c, arn, `${family}:${revision}`)).taskDefinition;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'notFound') return null;
    throw error;
  }
}

/** When the oldest revision without a break was registered that has the same value; null where that is too long ago. */
export function sinceOf({ revisions, whole }: History, name: string): string | null {
  const valueIn = ({ environment = [] }: Container) => environment.find((each) => each.name === name)?.value;
  const [present] = revisions;
  if (!present) return null;
  const value = valueIn(present.container);
  const before = revisions.findIndex(({ container }) => valueIn(container) !== value);
  if (before < 0 && !whole) return null;
  return (before < 0 ? revisions.at(-1) : revisions[before - 1])?.at ?? null;
}

/** The protocol has seconds since 1970, with a fraction. */
function momentOf(seconds: number | null | undefined): string | null {
  return typeof seconds === 'number' ? new Date(Math.round(seconds * 1000)).toISOString() : null;
}
