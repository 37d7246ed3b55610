import sax from 'sax';

/** Signatures of a package as it was; of one with another number they say nothing. */
export const SIGNATURE = /^(?:extension\.signature\.|\.signature\.|package\/services\/digital-signature\/)/i;

interface Cut {
  from: number;
  to: number;
  by: string;
}

/**
 * extension.vsixmanifest with another version and without the files of its signature; every other character as it was. The
 * text was read by `readVsixManifest` before. Null where its version cannot be exchanged in one place.
 */
export function withVsixVersion(xml: string, version: string): string | null {
  const parser = sax.parser(true, { position: true });
  const cuts: Cut[] = [];
  const open: string[] = [];
  let numbers = 0;
  parser.onopentag = ({ name, attributes }) => {
    open.push(name);
    const [from, to] = [parser.startTagPosition - 1, parser.position];
    const tag = xml.slice(from, to);
    const place = open.join('/');
    if (place === 'PackageManifest/Metadata/Identity' && VERSION.test(tag)) {
      numbers += 1;
      cuts.push({ from, to, by: tag.replace(VERSION, `$1"${version}"`) });
    }
    const path = String(attributes.Path ?? '').replace(/^\.?\//, '');
    // An asset has nothing inside, so its tag is all of it.
    if (place === 'PackageManifest/Assets/Asset' && tag.endsWith('/>') && SIGNATURE.test(path))
      cuts.push({ from, to, by: '' });
  };
  parser.onclosetag = () => {
    open.pop();
  };
  parser.write(xml).close();
  if (numbers !== 1) return null;
  return cuts.reduceRight((text, { from, to, by }) => text.slice(0, from) + by + text.slice(to), xml);
}

const VERSION = /(\sVersion\s*=\s*)(?:"[^"]*"|'[^']*')/;
