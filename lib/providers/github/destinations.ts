import { mayBe } from './expressions';
import { environmentsOf, mapping, readWorkflow } from './workflow-file';

/** A promotion's other end: where something comes from. */
const SOURCE = /^(?:from|source)(?:[_-]|$)/i;

/**
 * Inputs that say where a run goes, in small letters: those that a job takes its environment from, those of the type
 * `environment`, and one called so. One called `from` or `source` is none of them where another is left.
 */
export function destinationsOf(text: string, path: string): Set<string> {
  const declared = Object.entries(mapping(readWorkflow(text, path).dispatch?.inputs) ?? {});
  const typed = declared
    .map(([name, value]) => ({ name: name.toLowerCase(), type: mapping(value)?.type }))
    .filter(({ name, type }) => type === 'environment' || name === 'environment');
  const told = new Set([...environmentInputs(text, path).keys(), ...typed.map(({ name }) => name)]);
  const goals = [...told].filter((name) => !SOURCE.test(name));
  return goals.length > 0 ? new Set(goals) : told;
}

/** Inputs that a job takes its environment from, in small letters, and what jobs fall back to while they are empty. */
export function environmentInputs(text: string, path: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (name: string, otherwise: readonly string[]) =>
    found.set(name.toLowerCase(), [...(found.get(name.toLowerCase()) ?? []), ...otherwise]);
  for (const written of environmentsOf(text, path)) {
    const { inputs, texts } = mayBe(written);
    const behind = texts.filter((text) => text !== '');
    for (const name of inputs) add(name, behind);
  }
  return found;
}
