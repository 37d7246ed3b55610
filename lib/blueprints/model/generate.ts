import { trusted } from './backend/trust';
import { type Blueprint, bySort, type Need } from './blueprint';
import { BLUEPRINTS } from './registry';
import { seal } from './seal';
import { type BlueprintInput, type BlueprintSettings, blueprintSettings } from './settings';

export interface BlueprintFile {
  /** Relative to the root of the repository. */
  path: string;
  text: string;
  blueprint: string;
  version: number;
  /** SHA-256 of what was generated, without the line that says it; in hexadecimal. */
  digest: string;
}

/** Where the settings and digests of a component's files are kept, in the repository itself. */
export function recordPath(name: string): string {
  return `.github/aetherstack/${name}.json`;
}

/**
 * The files that a component's repository needs, sorted by path; the last thing among them is the record of how they
 * were made. The same settings always give the same bytes.
 * @throws {ZodError} when the settings do not fit
 */
export async function blueprintFiles(input: BlueprintInput): Promise<BlueprintFile[]> {
  const settings = blueprintSettings.parse(input);
  const unsealed = chosenFor(settings).flatMap(({ id, version, render }) =>
    render(settings).map((file) => ({ ...file, blueprint: id, version })),
  );
  const files = await Promise.all(unsealed.map((file) => seal(file, settings.name)));
  return [...files, await recordOf(settings, files)].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Secrets and variables that the files take, each once; first those that have to exist before they work. `subject`: how a
 * run's begins; null = not known.
 */
export function blueprintNeeds(input: BlueprintInput, subject: string | null = null): Need[] {
  const settings = blueprintSettings.parse(input);
  const all = chosenFor(settings)
    .flatMap((each) => each.needs?.(settings) ?? [])
    .map(({ trust, ...need }) => (trust ? { ...need, why: `${need.why} ${trusted(settings, trust, subject)}` } : need));
  const { required, optional } = bySort(all);
  const sorted = [...required, ...optional];
  return sorted.filter((need, at) => sorted.findIndex(({ name }) => name === need.name) === at);
}

// The table pairs each kind with blueprints of that kind, which is more than the type of a union can say.
function chosenFor(settings: BlueprintSettings): Blueprint[] {
  const all = BLUEPRINTS[settings.kind] as unknown as readonly Blueprint[];
  return all.filter((blueprint) => blueprint.applies(settings));
}

async function recordOf(settings: BlueprintSettings, files: readonly BlueprintFile[]): Promise<BlueprintFile> {
  const digests = Object.fromEntries(files.map(({ path, digest }) => [path, digest]).sort());
  const text = `${JSON.stringify({ settings, files: digests }, null, 2)}\n`;
  return seal({ path: recordPath(settings.name), text, blueprint: 'record', version: 1 }, settings.name);
}
