import { ProviderError, scopeWords, valuesOf } from '../port';
import type { Query } from './client';

const DATASETS = ['sessions', 'spans', 'errors', 'logs', 'uptime_results'] as const;
type Dataset = (typeof DATASETS)[number];

/** What one line asks: `spans failure_rate() project:api environment:production is_transaction:true`. */
export interface Question {
  dataset: Dataset;
  field: string;
  /** Project and environment, which have parameters of their own, and the rest as a search. */
  about: Query;
}

const FIELD = /^[a-z]\w*\([\w.,\-[\]]*\)$/;

/** Throws `rejected` for what is no such line. */
export function questionOf(expression: string): Question {
  const [first = '', second = '', ...rest] = expression.trim().split(/\s+/);
  const dataset = DATASETS.find((each) => each === first);
  if (dataset && FIELD.test(second)) return { dataset, field: second, about: aboutOf(rest.join(' ')) };
  const sentence = `Begin with ${DATASETS.join(', ')} and an aggregate: spans failure_rate() project:api. Mend it at the target.`;
  throw new ProviderError('rejected', 'bad_expression', sentence);
}

/** A search with its project and environment as the parameters that they are. */
export function aboutOf(search: string): Query {
  const words = scopeWords(search);
  const own = (key: string) => valuesOf(words, key).map((value): [string, string] => [key, value]);
  const rest = words.filter(({ key }) => key !== 'project' && key !== 'environment').map(({ text }) => text);
  return [...own('project'), ...own('environment'), ...(rest.length > 0 ? [['query', rest.join(' ')] as const] : [])];
}
