import { describe, expect, it } from 'vitest';
import { buildZip, type EntrySpec } from '../testing/build-zip';
import { sampleEntries, sampleVsix, vsixManifest } from '../testing/sample-vsix';
import { inspect } from './inspect';
import { openArchive } from './open-archive';
import { remake } from './remake';
import { withVsixVersion } from './vsix-version';
import { readWhole } from './zip-content';
import { bufferSource } from './zip-source';

/** Path → packed bytes with everything in front of them, and the content. */
async function entriesOf(bytes: Buffer) {
  const source = bufferSource(bytes);
  const entries = await openArchive(source);
  const found = new Map<string, { raw: string; text: string }>();
  for (const entry of entries) {
    const raw = bytes.subarray(entry.at, entry.dataAt + entry.packed).toString('hex');
    found.set(entry.path, { raw, text: (await readWhole(source, entry)).toString() });
  }
  return found;
}

const NEW = '9.8.7';
const CHANGED = ['extension.vsixmanifest', 'extension/package.json'];

describe('a package that is made again with another number', () => {
  it('says it in both manifests; every byte of every other entry stays', async () => {
    const more: EntrySpec[] = [
      { name: 'extension/icons/', content: '', mode: 0o040755 },
      { name: 'extension/late.txt', content: 'sizes behind\n'.repeat(90), behind: 'signed' },
    ];
    const before = sampleVsix({ version: '1.4.0', more });
    const after = await remake(before, NEW);
    const [was, is] = [await entriesOf(before), await entriesOf(after)];
    expect([...is.keys()]).toEqual([...was.keys()]);
    for (const [path, { raw, text }] of was)
      if (CHANGED.includes(path)) expect(is.get(path)?.text).toBe(text.replace('1.4.0', NEW));
      else expect(is.get(path)?.raw).toBe(raw);
    expect(await inspect(bufferSource(after))).toMatchObject({ scan: 'passed', facts: { version: NEW } });
  });

  it('is the same bytes each time, and back at its number it has the content that it had', async () => {
    const before = sampleVsix({ version: '1.4.0' });
    const after = await remake(before, NEW);
    expect((await remake(before, NEW)).equals(after)).toBe(true);
    const back = await entriesOf(await remake(after, '1.4.0'));
    for (const [path, { text }] of await entriesOf(before)) expect(back.get(path)?.text).toBe(text);
  });

  it('loses its signature, and the manifest names it no more', async () => {
    const signature = '<Asset Type="Microsoft.VisualStudio.Services.VsixSignature" Path="extension.signature.p7s" />';
    const xml = vsixManifest({ version: '1.4.0' }).replace('</Assets>', `${signature}</Assets>`);
    const more = [{ name: 'extension.signature.p7s', content: 'signed' }];
    const after = await remake(sampleVsix({ version: '1.4.0', vsixManifest: xml, more }), NEW);
    const is = await entriesOf(after);
    expect([...is.keys()]).not.toContain('extension.signature.p7s');
    expect(is.get('extension.vsixmanifest')?.text).toBe(vsixManifest({ version: NEW }));
    expect(await inspect(bufferSource(after))).toMatchObject({ scan: 'passed' });
  });

  it('is not made where the number stands in two places', async () => {
    const twice = '{"publisher":"acme","name":"demo","version":"1.0.0","version":"1.0.0"}';
    await expect(remake(sampleVsix({ packageJson: twice }), NEW)).rejects.toMatchObject({ code: 'version_not_found' });
    await expect(remake(buildZip(sampleEntries()).subarray(9), NEW)).rejects.toMatchObject({ name: 'Malformed' });
  });
});

describe('the version in extension.vsixmanifest', () => {
  it('is the one of the extension and not of the format, however it is quoted', () => {
    const xml = `<?xml version="1.0"?><PackageManifest Version="2.0.0"><Metadata><Identity\n Version='1.0.0' Id="a &amp; b"/></Metadata></PackageManifest>`;
    expect(withVsixVersion(xml, NEW)).toBe(xml.replace(`'1.0.0'`, `"${NEW}"`));
    expect(withVsixVersion(xml.replace('Version=', 'Other='), NEW)).toBeTypeOf('string');
    expect(withVsixVersion(xml.replace(`Version='1.0.0'`, `Other='1.0.0'`), NEW)).toBeNull();
  });
});
