import { bySort, type Need } from './blueprint';
import type { FileComparison, FileState } from './compare';

const WORDS: Readonly<Record<FileState, string>> = {
  missing: 'new',
  same: 'unchanged',
  older: 'brought up to date',
  edited: 'replaced: people had edited it',
  differs: 'replaced: it was not made by a blueprint',
};

/** What is not made of these is only counted: it goes into Markdown. */
const PLAIN = /^[\w./+@-]{1,200}$/;
const MAX_LISTED = 40;

/** Title and Markdown of the proposal. Nothing in it was typed by anybody but the component's name, and `others`: paths of the branch. */
export function describeProposal(
  name: string,
  files: readonly FileComparison[],
  needs: readonly Need[],
  leftOver: readonly string[],
  others: readonly string[] = [],
): { title: string; body: string } {
  const rows = files.map(({ path, state }) => `| \`${path}\` | ${WORDS[state]} |`);
  const { required, optional } = bySort(needs);
  const before = required.length > 0 ? ['', 'Before it works, these have to exist:', '', ...required.map(line)] : [];
  const besides = optional.length > 0 ? ['', 'These may be missing:', '', ...optional.map(line)] : [];
  const old = leftOver.map((path) => `- \`${path}\``);
  const after =
    old.length > 0 ? ['', 'No longer generated; delete them yourself when nothing needs them:', '', ...old] : [];
  return {
    title: `Set up deployments of ${name}`,
    body: [
      'Made by AetherStack from the settings of the component.',
      '',
      '| file | |',
      '|---|---|',
      ...rows,
      ...before,
      ...besides,
      ...after,
      ...changedToo(others),
      '',
    ].join('\n'),
  };
}

const line = ({ kind, name, why, without }: Need): string =>
  `- ${kind} \`${name}\`: ${why}${without === undefined ? '' : ` Without it: ${without}`}`;

function changedToo(others: readonly string[]): string[] {
  if (others.length === 0) return [];
  const listed = others.filter((path) => PLAIN.test(path)).slice(0, MAX_LISTED);
  const more = others.length - listed.length;
  const lines = [...listed.map((path) => `- \`${path}\``), ...(more > 0 ? [`- ${more} more`] : [])];
  return ['', 'Also changed here, and not made by AetherStack:', '', ...lines];
}
