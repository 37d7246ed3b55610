import type { PackageManifest } from './manifest';
import type { Finding, PackagedFile } from './package';

const PATH = 'extension/package.json';
const NATIVE = /\.(?:node|exe|dll|so|dylib)$/i;
const AT_THE_TOP = /^(?:extension\/|extension\.vsixmanifest$|\[Content_Types\]\.xml$|extension\.signature\.)/;

const warn = (code: string, sentence: string, path = PATH): Finding => ({ code, sentence, path, level: 'warn' });
const note = (code: string, sentence: string, path = PATH): Finding => ({ code, sentence, path, level: 'note' });

/** What package.json asks of the editor that somebody should have seen before it is published. */
export function judgeManifest(manifest: PackageManifest): Finding[] {
  const found: Finding[] = [];
  if (manifest.activationEvents.includes('*'))
    found.push(warn('starts_always', 'It starts with every window, whatever is open in it. Name what it waits for.'));
  if (manifest.enabledApiProposals.length > 0)
    found.push(warn('proposed_api', 'It uses proposed APIs, which the Marketplace does not take.'));
  if (manifest.scripts['vscode:uninstall'])
    found.push(note('runs_when_removed', 'It runs a script when it is uninstalled.'));
  if (manifest.main === undefined && manifest.browser === undefined)
    found.push(note('no_code', 'It has no code of its own: a theme, a grammar or a pack.'));
  return found;
}

/** What the list of its files says. */
export function judgeFiles(files: readonly PackagedFile[], targetPlatform: string): Finding[] {
  const found: Finding[] = [];
  const native = files.find(({ path }) => NATIVE.test(path));
  if (native && targetPlatform === 'universal')
    found.push(
      warn(
        'native_for_all',
        'It has programs for one kind of machine, and says that it is for all. Package it with --target.',
        native.path,
      ),
    );
  const stray = files.find(({ path }) => !AT_THE_TOP.test(path));
  if (stray) found.push(warn('outside_extension', 'A file lies outside of the folder that is installed.', stray.path));
  return found;
}
