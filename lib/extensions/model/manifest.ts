import { z } from 'zod';
import { isEngine, isExtensionName, isPublisher, isVersion } from './identity';
import { PACKAGE_LIMITS } from './limits';
import type { Finding } from './package';

const words = z.array(z.string().max(500)).max(2_000).catch([]);
const text = z.string().max(2_000).optional().catch(undefined);

/** What this console reads of package.json; whatever else stands there is left alone. */
const schema = z.object({
  publisher: z.string(),
  name: z.string(),
  version: z.string(),
  engines: z.object({ vscode: z.string() }),
  displayName: text,
  description: text,
  license: text,
  icon: text,
  main: text,
  browser: text,
  preview: z.boolean().optional().catch(undefined),
  activationEvents: words,
  extensionDependencies: words,
  extensionPack: words,
  extensionKind: z.union([words, z.string().transform((one) => [one])]).catch([]),
  enabledApiProposals: words,
  categories: words,
  keywords: words,
  contributes: z.record(z.string().max(200), z.unknown()).catch({}),
  capabilities: z.record(z.string().max(200), z.unknown()).catch({}),
  scripts: z.record(z.string().max(200), z.string().max(4_000)).catch({}),
  dependencies: z.record(z.string().max(300), z.string().max(500)).catch({}),
});

export type PackageManifest = z.output<typeof schema>;

export type ReadManifest =
  | { ok: true; manifest: PackageManifest; raw: Record<string, unknown> }
  | { ok: false; finding: Finding };

const PATH = 'extension/package.json';
const refuse = (code: string, sentence: string): ReadManifest => ({
  ok: false,
  finding: { code, sentence, path: PATH, level: 'refuse' },
});

/** Brackets that are open at once at most, counted before anything walks through them. */
export function deepestOf(json: string): number {
  let [depth, deepest, quoted] = [0, 0, false];
  for (let at = 0; at < json.length; at++) {
    const sign = json.charCodeAt(at);
    if (quoted) {
      if (sign === 0x5c) at++;
      else if (sign === 0x22) quoted = false;
    } else if (sign === 0x22) quoted = true;
    else if (sign === 0x7b || sign === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (sign === 0x7d || sign === 0x5d) depth--;
  }
  return deepest;
}

/** A copy that a database and a browser can keep: no NUL, no half of a pair, no name with a meaning of its own. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\u0000', '\uFFFD').toWellFormed();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '__proto__')
      .map(([key, item]) => [plain(key), plain(item)]),
  );
}

/** Reads package.json out of a package. Every refusal says what to change. */
export function readManifest(bytes: Uint8Array): ReadManifest {
  let json: string;
  try {
    json = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('manifest_not_utf8', 'package.json is not UTF-8 text. Save it as UTF-8.');
  }
  if (deepestOf(json) > PACKAGE_LIMITS.depth)
    return refuse('manifest_too_deep', `package.json is nested deeper than ${PACKAGE_LIMITS.depth} levels.`);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return refuse('manifest_not_json', 'package.json cannot be read as JSON. Package the extension with vsce.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('manifest_not_json', 'package.json is not a JSON object.');
  const raw = plain(value) as Record<string, unknown>;
  const parsed = schema.safeParse(raw);
  return parsed.success ? judged(parsed.data, raw) : refuse('manifest_incomplete', missing(parsed.error));
}

function missing(error: z.ZodError): string {
  const names = [...new Set(error.issues.map(({ path }) => path.join('.')))].sort().join(', ');
  return `package.json lacks ${names}, or it is not text there.`;
}

function judged(manifest: PackageManifest, raw: Record<string, unknown>): ReadManifest {
  if (!isPublisher(manifest.publisher))
    return refuse(
      'publisher_invalid',
      'The publisher may have letters from a to z, digits and hyphens only, 63 at most.',
    );
  if (!isExtensionName(manifest.name))
    return refuse(
      'name_invalid',
      'The extension’s name may have letters from a to z, digits and hyphens only, 63 at most.',
    );
  if (!isVersion(manifest.version))
    return refuse(
      'version_invalid',
      'The version has to be three numbers, 1.2.3 for example; a pre-release is a flag of the package, not a part of its version.',
    );
  if (!isEngine(manifest.engines.vscode))
    return refuse('engine_invalid', 'engines.vscode has to be a version of VS Code, ^1.90.0 for example.');
  return { ok: true, manifest, raw };
}
