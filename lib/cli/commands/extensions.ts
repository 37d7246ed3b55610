import { openAsBlob } from 'node:fs';
import type { Finding, Scan } from '@/lib/extensions/model/package';
import type { PackageDetail, PackageList } from '@/lib/extensions/model/view';
import { comparedWords, uncomparedWords } from '../../extensions/model/compared-words.ts';
import { type Command, type Invocation, onlyPositional } from '../command.ts';
import { EXIT, usage } from '../exit.ts';
import { deploymentId } from '../lookup.ts';
import { jsonText, oneLine, table } from '../terminal.ts';

interface Uploaded {
  packageId: string;
  outcome: 'new' | 'already';
  publisher: string;
  name: string;
  version: string;
  scan: Scan;
  findings: Finding[];
}

const findingLines = (findings: readonly Finding[]) =>
  findings.map(({ level, sentence, path }) => oneLine(`${level}: ${path ? `${path}: ` : ''}${sentence}`));

/** Throws `CliError` usage; the platform throws some of its errors at once and others later. */
async function readable(name: string): Promise<Blob> {
  try {
    return await openAsBlob(name);
  } catch {
    throw usage(`${name} cannot be read.`);
  }
}

const upload: Command = {
  name: 'extension upload',
  usage: '<file.vsix>',
  says: 'keep a package and look through it: 1 when it may not be published',
  options: {},
  async run(invocation) {
    const { terminal, json } = invocation;
    const name = onlyPositional(invocation, 'the file, such as extension-1.2.0.vsix');
    const file = await readable(name);
    const done = await invocation.client().upload<Uploaded>('/extensions/packages', file);
    if (json) terminal.say(jsonText(done));
    else told(invocation.terminal, done);
    return done.scan === 'passed' ? EXIT.ok : EXIT.failed;
  },
};

function told(terminal: Invocation['terminal'], done: Uploaded): void {
  const word = done.outcome === 'already' ? 'Was here already' : done.scan === 'passed' ? 'Kept' : 'Not kept';
  terminal.say(oneLine(`${word}: ${done.publisher}.${done.name} ${done.version}, inspection ${done.scan}`));
  terminal.say(done.packageId);
  for (const line of findingLines(done.findings)) terminal.note(line);
}

const take: Command = {
  name: 'extension take',
  usage: '<#n>',
  says: 'keep the package that the run of a deployment has built: 1 when it may not be published',
  options: {},
  async run(invocation) {
    const { terminal, json } = invocation;
    const name = onlyPositional(invocation, 'one deployment, such as 12');
    const api = invocation.client();
    const id = await deploymentId(api, name);
    const { packages } = await api.change<{ packages: Uploaded[] }>('POST', `/deployments/${id}/packages`);
    if (json) terminal.say(jsonText(packages));
    else for (const each of packages) told(terminal, each);
    return packages.every(({ scan }) => scan === 'passed') ? EXIT.ok : EXIT.failed;
  },
};

const again: Command = {
  name: 'extension again',
  usage: '<id> [--version 1.2.3]',
  says: 'make an old package again with the next number, to publish it over what is newer',
  options: { version: { type: 'string' } },
  async run(invocation) {
    const { terminal, json } = invocation;
    const id = onlyPositional(invocation, 'the id of a package, its SHA-256');
    const version = invocation.text('version');
    const path = `/extensions/packages/${encodeURIComponent(id)}/again`;
    const done = await invocation.client().change<Uploaded>('POST', path, version === undefined ? {} : { version });
    if (json) terminal.say(jsonText(done));
    else told(terminal, done);
    return done.scan === 'passed' ? EXIT.ok : EXIT.failed;
  },
};

const list: Command = {
  name: 'extension list',
  usage: '',
  says: 'packages of extensions, the newest first',
  options: {},
  async run({ terminal, json, client }) {
    const { packages, nextCursor } = await client().get<PackageList>('/extensions/packages', { limit: '200' });
    if (nextCursor !== null) terminal.note('There are older packages; the console lists them under Extensions.');
    const rows = packages.map(({ id, publisher, name, version, targetPlatform, scan }) => [
      `${publisher}.${name}`,
      version,
      targetPlatform,
      scan,
      id.slice(0, 12),
    ]);
    terminal.say(json ? jsonText(packages) : rows.length > 0 ? table(rows) : 'There is no package yet.');
    return EXIT.ok;
  },
};

const show: Command = {
  name: 'extension show',
  usage: '<id> [--against id]',
  says: 'what is in a package, and what changed in it since the one that is live',
  options: { against: { type: 'string' } },
  async run(invocation) {
    const { terminal, json } = invocation;
    const id = onlyPositional(invocation, 'the id of a package, its SHA-256');
    const query = { against: invocation.text('against') };
    const detail = await invocation
      .client()
      .get<PackageDetail>(`/extensions/packages/${encodeURIComponent(id)}`, query);
    terminal.say(json ? jsonText(detail) : linesOf(detail).map(oneLine).join('\n'));
    return EXIT.ok;
  },
};

function linesOf(detail: PackageDetail): string[] {
  const { publisher, name, version, scan, findings, against, difference } = detail;
  const lines = [`${publisher}.${name} ${version}: inspection ${scan}`, ...findingLines(findings)];
  if (!against || !difference) return [...lines, uncomparedWords(detail.prerelease, detail.others.length)];
  const { activationEvents, commands, dependencies, proposedApi, capabilities, files, engine, size } = difference;
  lines.push(`since ${comparedWords(against)}: ${size.to - size.from} bytes`);
  if (engine) lines.push(`engine ${engine.from} → ${engine.to}`);
  const lists = { 'starts on': activationEvents, command: commands, needs: dependencies, proposed: proposedApi };
  for (const [what, { added, removed }] of Object.entries({ ...lists, capability: capabilities, file: files }))
    lines.push(...added.map((each) => `+ ${what} ${each}`), ...removed.map((each) => `- ${what} ${each}`));
  return lines;
}

export const EXTENSION_COMMANDS: readonly Command[] = [upload, take, again, list, show];
