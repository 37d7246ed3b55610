import sax from 'sax';
import { PACKAGE_LIMITS } from '../model/limits';
import type { Finding } from '../model/package';

/** What extension.vsixmanifest says, as written by vsce. */
export interface VsixManifest {
  publisher: string;
  name: string;
  version: string;
  /** As written; `universal` when it says none. */
  targetPlatform: string;
  prerelease: boolean;
  /** Type → path in the package. */
  assets: ReadonlyMap<string, string>;
  icon: string | null;
  /** As vsce has resolved them; null where none is written. */
  displayName: string | null;
  description: string | null;
}

const PATH = 'extension.vsixmanifest';
const PRERELEASE = 'Microsoft.VisualStudio.Code.PreRelease';
const DEEPEST = 32;
/** Without the last, HTML's entities would be known as well; the types do not know of it. */
const OPTIONS = { trim: true, position: false, ...{ strictEntities: true } };

class Refused extends Error {
  readonly finding: Finding;
  constructor(code: string, sentence: string) {
    super(sentence);
    this.finding = { code, sentence, path: PATH, level: 'refuse' };
  }
}

export type ReadVsixManifest = { ok: true; manifest: VsixManifest } | { ok: false; finding: Finding };

/**
 * Reads the package's own manifest with a parser that knows the five entities of XML and no others: a document type, an
 * entity of its own or another encoding than UTF-8 is refused, so there is nothing that could be fetched or multiplied.
 */
export function readVsixManifest(bytes: Uint8Array): ReadVsixManifest {
  try {
    return { ok: true, manifest: collect(decode(bytes)) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, finding: error.finding };
    return { ok: false, finding: new Refused('vsixmanifest_broken', 'extension.vsixmanifest is not XML.').finding };
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refused('vsixmanifest_encoding', 'extension.vsixmanifest is not UTF-8.');
  }
}

interface Found {
  identity: Record<string, string>[];
  properties: Map<string, string>;
  assets: Map<string, string>;
  /** Element below Metadata → its text. */
  texts: Map<string, string>;
}

const TEXTS = new Map(['Icon', 'DisplayName', 'Description'].map((name) => [`PackageManifest/Metadata/${name}`, name]));

function collect(xml: string): VsixManifest {
  const parser = sax.parser(true, OPTIONS);
  const found: Found = { identity: [], properties: new Map(), assets: new Map(), texts: new Map() };
  const open: string[] = [];
  let elements = 0;
  parser.onerror = () => {
    throw new Refused('vsixmanifest_broken', 'extension.vsixmanifest is not XML that can be read.');
  };
  parser.ondoctype = () => {
    throw new Refused(
      'vsixmanifest_doctype',
      'extension.vsixmanifest declares a document type, which could fetch or multiply things.',
    );
  };
  parser.onprocessinginstruction = ({ name, body }) => {
    const said = [...body.matchAll(/encoding\s*=\s*["']?([^"'\s?]*)/gi)].map(([, encoding]) => encoding?.toLowerCase());
    if (name !== 'xml' || said.some((encoding) => encoding !== 'utf-8'))
      throw new Refused('vsixmanifest_encoding', 'extension.vsixmanifest is not UTF-8.');
  };
  parser.onopentag = ({ name, attributes }) => {
    elements += 1;
    open.push(name);
    if (elements > PACKAGE_LIMITS.elements || open.length > DEEPEST)
      throw new Refused('vsixmanifest_too_large', 'extension.vsixmanifest has more in it than any has.');
    note(found, open.join('/'), attributes as Record<string, string>);
  };
  parser.onclosetag = () => {
    open.pop();
  };
  parser.ontext = (text) => {
    const name = TEXTS.get(open.join('/'));
    if (name !== undefined) found.texts.set(name, text);
  };
  parser.write(xml).close();
  return manifestOf(found);
}

function note(found: Found, place: string, attributes: Record<string, string>): void {
  if (place === 'PackageManifest/Metadata/Identity') found.identity.push(attributes);
  if (place === 'PackageManifest/Metadata/Properties/Property') put(found.properties, attributes.Id, attributes.Value);
  if (place === 'PackageManifest/Assets/Asset') put(found.assets, attributes.Type, attributes.Path);
}

/** Said twice, each program would believe another one. */
function put(into: Map<string, string>, key: string | undefined, value: string | undefined): void {
  if (key === undefined || value === undefined) return;
  if (into.has(key)) throw new Refused('vsixmanifest_twice', 'extension.vsixmanifest says a thing twice.');
  into.set(key, value);
}

function manifestOf({ identity, properties, assets, texts }: Found): VsixManifest {
  const [one, ...more] = identity;
  if (!one || more.length > 0 || !one.Id || !one.Version || !one.Publisher)
    throw new Refused(
      'vsixmanifest_identity',
      'extension.vsixmanifest has to name publisher, extension and version, once.',
    );
  return {
    publisher: one.Publisher,
    name: one.Id,
    version: one.Version,
    targetPlatform: one.TargetPlatform ?? 'universal',
    prerelease: properties.get(PRERELEASE)?.toLowerCase() === 'true',
    assets,
    icon: texts.get('Icon')?.slice(0, PACKAGE_LIMITS.path) ?? null,
    displayName: texts.get('DisplayName')?.slice(0, 2_000) ?? null,
    description: texts.get('Description')?.slice(0, 2_000) ?? null,
  };
}
