import { isEmptyList, type Scope, type Value } from './constant';
import { answersOf } from './flow';
import type { Node } from './syntax';

type Plain = string | number | boolean | null | undefined;

/** What a function that Next calls while it builds may answer, as far as its text says. */
export interface Answers {
  /** Of those that are lists: whether they are empty. `unseen`: no list with nothing in it is written there. */
  empty: 'always' | 'perhaps' | 'unseen';
  /** The names that every entry of its lists has; null where that is not known. */
  keys: readonly string[] | null;
  /** Of those that are objects: what a field may be; `unknown`: something else, too. */
  fields: Readonly<Record<'revalidate' | 'fallback', { values: readonly Plain[]; unknown: boolean }>>;
}

export function summaryOf(made: Node, scope: Scope): Answers {
  const answers = answersOf(made, scope);
  const lists = answers.filter((each) => each.kind === 'list');
  const whole = lists.filter(({ open }) => open === null);
  const empty = lists.filter(isEmptyList).length;
  return {
    empty: empty === 0 ? 'unseen' : empty === answers.length ? 'always' : 'perhaps',
    keys: whole.length === answers.length ? keysOf(whole.flatMap(({ items }) => items)) : null,
    fields: { revalidate: fieldOf(answers, 'revalidate'), fallback: fieldOf(answers, 'fallback') },
  };
}

function keysOf(items: readonly Value[]): string[] | null {
  const [first, ...rest] = items.map((each) =>
    each.kind === 'object' && each.open === null ? Object.keys(each.fields) : null,
  );
  if (!first || rest.some((each) => each === null)) return null;
  return first.filter((key) => rest.every((each) => each?.includes(key)));
}

function fieldOf(answers: readonly Value[], name: string) {
  const values: Plain[] = [];
  let unknown = false;
  for (const each of answers) {
    if (each.kind !== 'object') {
      unknown ||= each.kind !== 'literal';
      continue;
    }
    const found = each.fields[name]?.value;
    if (found?.kind === 'literal') values.push(found.value);
    else if (found || each.open !== null) unknown = true;
  }
  return { values: [...new Set(values)], unknown };
}
