import type { RenderingMode } from '@/lib/rendering/model/mode';
import type { Finding } from '@/lib/rendering/model/preflight';
import type { PreflightView } from '@/lib/rendering/model/preflight-view';
import type { RenderingRow, RenderingView } from '@/lib/rendering/model/rendering-view';
import { targetInSlugs } from '../../targets/model/label.ts';
import { type Command, onlyPositional } from '../command.ts';
import { EXIT, usage } from '../exit.ts';
import { targetOf } from '../lookup.ts';
import { jsonText, oneLine, table } from '../terminal.ts';

const rendering: Command = {
  name: 'rendering',
  usage: '[<component>/<environment> --to ssr|ssg [--ref main]]',
  says: 'how web dashboards are built; with --to, what a switch would do: 1 when something stands in the way',
  options: { to: { type: 'string' }, ref: { type: 'string' } },
  async run(invocation) {
    const { terminal, json, positionals } = invocation;
    const api = invocation.client();
    const to = invocation.text('to');
    if (positionals.length === 0 && to === undefined) {
      const view = await api.get<RenderingView>('/rendering');
      terminal.say(json ? jsonText(view) : listed(view));
      return EXIT.ok;
    }
    const name = onlyPositional(invocation, 'one target, such as dashboard/staging');
    const { targetId } = await targetOf(api, name);
    const query = { mode: modeOf(to), ref: invocation.text('ref') };
    const found = await api.get<PreflightView>(`/targets/${targetId}/rendering`, query);
    terminal.say(json ? jsonText(found) : linesOf(found).join('\n'));
    return found.blockers.length > 0 ? EXIT.failed : EXIT.ok;
  },
};

function modeOf(to: string | undefined): RenderingMode {
  if (to === 'ssr' || to === 'ssg') return to;
  throw usage('Give --to ssr or --to ssg.');
}

function listed({ rows }: RenderingView): string {
  if (rows.length === 0) return 'There is no web dashboard that this token may see.';
  return table(rows.map(lineOf));
}

function lineOf({ component, environment, label, mode, live, host }: RenderingRow): string[] {
  const place = targetInSlugs(component.slug, environment.slug, label);
  const proof = live === null ? 'nothing live' : live.shown === mode && mode !== null ? 'proved' : 'not proved';
  return [place, mode ?? 'not known', proof, live ? `#${live.number}` : '', host.label];
}

function linesOf({ mode, revision, blockers, warnings, routes, variables, sources }: PreflightView): string[] {
  const built = revision ? ` of ${revision.ref} at ${revision.sha.slice(0, 7)}` : '';
  const lines = [
    `To ${mode}${built}: ${blockers.length === 0 ? 'nothing stands in the way.' : `${blockers.length} in the way.`}`,
  ];
  lines.push(
    ...blockers.map((each) => findingLine('blocked', each)),
    ...warnings.map((each) => findingLine('warning', each)),
  );
  if (routes) {
    const { gained, lost, changed } = routes;
    lines.push(...gained.map((path) => `gained   ${path}`), ...lost.map((path) => `lost     ${path}`));
    lines.push(...changed.map(({ path, from, to }) => `changed  ${path}: ${from} → ${to}`));
  }
  lines.push(...variables.map(({ name, from, to }) => `sets     ${name}: ${from ?? 'not set'} → ${to}`));
  if (sources) lines.push(`Looked at ${sources.files} files in ${sources.folder || 'the repository'}.`);
  return lines.map(oneLine);
}

function findingLine(word: string, { sentence, where, line, mend }: Finding): string {
  const place = where === null ? '' : ` ${where}${line === null ? '' : `:${line}`}:`;
  return `${word} ${place} ${sentence}${mend === null ? '' : ` ${mend}`}`;
}

export const RENDERING_COMMANDS: readonly Command[] = [rendering];
