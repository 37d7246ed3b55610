import type { DeclaredInput } from './workflow-file';

/** The payload may have this many characters. Source: https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflow_dispatch */
const MAX_PAYLOAD = 65_535;
const MAX_INPUTS = 25;

/** The inputs as the run will see them (defaults filled in), or the sentence of the refusal. */
export function settleInputs(declared: readonly DeclaredInput[], given: unknown): Record<string, string> | string {
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given)))
    return "Invalid request.\n\nFor 'properties/inputs', the value is not an object.";
  const values = Object.entries((given ?? {}) as Record<string, unknown>);
  if (values.length > MAX_INPUTS)
    return `Invalid request.\n\nNo more than ${MAX_INPUTS} properties are allowed; ${values.length} were supplied.`;
  if (JSON.stringify(given ?? {}).length > MAX_PAYLOAD) return 'inputs are too large.';
  const unexpected = values.map(([name]) => name).filter((name) => !declared.some((input) => input.name === name));
  if (unexpected.length) return `Unexpected inputs provided: ${JSON.stringify(unexpected)}`;
  const settled: Record<string, string> = {};
  for (const input of declared) {
    const value = values.find(([name]) => name === input.name)?.[1];
    const refusal = settleOne(input, value, settled);
    if (refusal) return refusal;
  }
  return settled;
}

function settleOne(input: DeclaredInput, value: unknown, settled: Record<string, string>): string | null {
  if (value !== null && typeof value === 'object') return `Invalid value for input '${input.name}'`;
  const isGiven = value !== undefined && value !== null;
  const text = isGiven ? String(value) : (input.default ?? '');
  if (input.required && text === '') return `Required input '${input.name}' not provided`;
  settled[input.name] = text;
  if (!isGiven) return null;
  const isAllowed =
    input.type === 'boolean'
      ? ['true', 'false'].includes(text)
      : input.type === 'choice'
        ? input.options.includes(text)
        : input.type !== 'number' || (text !== '' && Number.isFinite(Number(text)));
  return isAllowed ? null : `Provided value '${text}' for input '${input.name}' not in the list of allowed values`;
}
