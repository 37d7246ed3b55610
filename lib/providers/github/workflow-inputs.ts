import type { FormField } from '../port';
import type { Place } from './target';
import { type Mapping, mapping, readWorkflow, scalar } from './workflow-file';

/** Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onworkflow_dispatchinputsinput_idtype */
export const INPUT_TYPES: readonly FormField['type'][] = ['string', 'choice', 'boolean', 'number', 'environment'];

/** What the form of a run is filled in with, as far as anybody knows before. */
export interface Inputs {
  /** Null: only whoever starts the run knows. */
  input(name: string): string | null;
  /** Inputs that were asked for and that a person may fill in otherwise. */
  doubts: ReadonlySet<string>;
}

/**
 * The inputs of a target's runs: what its settings fix; for one that names an environment our own word for it, where the form
 * offers no other; else what the form offers, with a doubt. Throws `ProviderError` for what is no workflow.
 */
export function inputsOf(text: string, place: Place, environment: string): Inputs {
  const declared = mapping(readWorkflow(text, place.workflow).dispatch?.inputs) ?? {};
  const doubts = new Set<string>();
  const input = (name: string): string | null => {
    const fixed = entriesOf(place.inputs ?? {}, name).map((each) => scalar(each) ?? '');
    if (fixed.length === 1 && fixed[0]) return fixed[0];
    const own = mapping(entriesOf(declared, name)[0]) ?? {};
    const offered = scalar(own.default) ?? '';
    const isOurs = own.type === 'environment' || name.toLowerCase() === 'environment';
    const agrees = offered === '' || offered.toLowerCase() === environment.toLowerCase();
    if (!isOurs || !agrees || fixed.length > 1) doubts.add(name);
    return isOurs ? environment : offered || null;
  };
  return { input, doubts };
}

/** GitHub does not tell capitals from small letters in the names of inputs. */
export function entriesOf(map: Mapping, name: string): unknown[] {
  const wanted = name.toLowerCase();
  return Object.entries(map)
    .filter(([key]) => key.toLowerCase() === wanted)
    .map(([, value]) => value);
}
