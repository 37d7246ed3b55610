import type { DoraRows, DoraView } from '@/lib/observability/model/dora-view';
import { CLASS_WORDS, CLASSES } from '../../observability/model/classes.ts';
import { METRICS } from '../../observability/model/dora.ts';
import { inWords } from '../../observability/model/figure-words.ts';
import { targetInSlugs } from '../../targets/model/label.ts';
import { type Command, type Invocation, onlyPositional, required } from '../command.ts';
import { EXIT, usage } from '../exit.ts';
import { deploymentId } from '../lookup.ts';
import { said, slugs, where } from '../scope.ts';
import { jsonText, table } from '../terminal.ts';

const MINUTE = 60_000;

/** `2 h 5 m`; below a minute in seconds. */
function length(ms: number): string {
  const minutes = Math.floor(ms / MINUTE);
  if (minutes < 1) return `${Math.floor(ms / 1_000)} s`;
  if (minutes < 60) return `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} m` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function queryOf(invocation: Invocation): Record<string, string | undefined> {
  return { ...slugs(invocation), days: invocation.text('days'), hours: invocation.text('hours') };
}

const dora: Command = {
  name: 'dora',
  usage: '[--days 7|30|90] [--component …] [--environment …] [--hours 24] [--rows failure_rate]',
  says: 'the five DORA figures; with --rows the deployments that one is made of',
  options: { ...where, days: { type: 'string' }, hours: { type: 'string' }, rows: { type: 'string' } },
  async run(invocation) {
    if (invocation.positionals.length > 0) throw usage('“dora” takes a component with --component.');
    const { terminal, json } = invocation;
    const rows = invocation.text('rows');
    if (rows !== undefined) {
      const metric = METRICS.find((each) => each === rows);
      if (!metric) throw usage(`--rows is one of ${METRICS.join(', ')}.`);
      const answer = await invocation.client().get<DoraRows>('/dora/rows', { ...queryOf(invocation), metric });
      terminal.say(json ? jsonText(answer) : listed(answer));
      return EXIT.ok;
    }
    const view = await invocation.client().get<DoraView>('/dora', queryOf(invocation));
    terminal.say(json ? jsonText(view) : summed(view));
    return EXIT.ok;
  },
};

function summed(view: DoraView): string {
  if (view.environments.length === 0)
    return 'No environment is marked as production, or none that this token may see. Name one with --environment.';
  const head = `${view.days} days of ${view.environments.map(({ name }) => name).join(', ')}`;
  const lines = METRICS.map((metric) => {
    const now = inWords(metric, view.figures, length);
    const before = view.before === null ? 'not known' : inWords(metric, view.before, length).value;
    return [view.rules[metric].label, now.value, now.detail, `before: ${before}`];
  });
  return `${head}${cutSays(view)}\n${table(lines)}`;
}

/** Nothing where all were read. */
const cutSays = ({ cutAt, countedFrom }: Pick<DoraView, 'cutAt' | 'countedFrom'>) =>
  cutAt ? `\nOnly the newest ${cutAt} deployments are read: since ${countedFrom.slice(0, 10)}.` : '';

function listed(answer: DoraRows): string {
  const { rule, rows, leftOut, total } = answer;
  const lines = [...rows, ...leftOut].map(
    ({ deployment, component, environment, label, version, at, value, why, said: words }) => [
      `#${deployment.number}`,
      targetInSlugs(component.slug, environment.slug, label),
      version,
      at.slice(0, 16).replace('T', ' '),
      typeof value === 'number' ? length(value) : value === null ? 'not counted' : value ? 'yes' : 'no',
      [why, ...words.map(({ word, by, reason }) => `${CLASS_WORDS[word].label} (${by}: ${reason})`)].join(' '),
    ],
  );
  const rest =
    total > rows.length ? `\n${rows.length} of ${total}: what speaks against it first, then the newest.` : '';
  return lines.length === 0
    ? `${rule.rule}\nNothing counts here in these days.`
    : `${rule.rule}\n${table(lines)}${rest}${cutSays(answer)}`;
}

const classify: Command = {
  name: 'classify',
  usage: `<#n> --as ${CLASSES.join('|')} --reason … | <#n> --undo failure|rework|count`,
  says: 'how a deployment counts in the DORA figures, against the rule; or back to the rule',
  options: { as: { type: 'string' }, reason: { type: 'string' }, undo: { type: 'string' } },
  async run(invocation) {
    const name = onlyPositional(invocation, 'one deployment, such as 12');
    const axis = invocation.text('undo');
    const api = invocation.client();
    if (axis !== undefined) {
      const path = `/deployments/${await deploymentId(api, name)}/classification/undo`;
      const undone = await api.change<object>('POST', path, { axis });
      return said(invocation, undone, `${name} counts by the rule again.`);
    }
    const word = CLASSES.find((each) => each === invocation.text('as'));
    if (!word) throw usage(`--as is one of ${CLASSES.join(', ')}.`);
    const reason = required(invocation, 'reason', 'why, for everybody who reads the figures');
    const path = `/deployments/${await deploymentId(api, name)}/classification`;
    const done = await api.change<object>('POST', path, { word, reason });
    return said(invocation, done, `${name} counts as “${CLASS_WORDS[word].label}”.`);
  },
};

export const DORA_COMMANDS: readonly Command[] = [dora, classify];
