import type { ChangePlan, ChangeResult, ConfigurationView, PlannedStep } from '@/lib/configuration/model/view';
import type { Client } from '../client.ts';
import { type Command, type Invocation, required } from '../command.ts';
import { CliError, EXIT, type ExitCode, usage } from '../exit.ts';
import { jsonText, lines, table } from '../terminal.ts';

const about = { environment: { type: 'string' }, place: { type: 'string', multiple: true } } as const;
const change = { ...about, variable: { type: 'boolean' }, 'dry-run': { type: 'boolean' } } as const;

const pathOf = (environment: string) => `/environments/${encodeURIComponent(environment)}/configuration`;

const list: Command = {
  name: 'config list',
  usage: '--environment …',
  says: 'secrets and variables of an environment, by name and age; 1 when one is missing',
  options: { environment: about.environment },
  async run(invocation) {
    const { client, terminal, json } = invocation;
    const environment = required(invocation, 'environment', 'its slug, such as staging');
    const view = await client().get<ConfigurationView>(pathOf(environment));
    terminal.say(json ? jsonText(view) : listed(view));
    return view.rows.some(({ missingFor }) => missingFor.length > 0) ? EXIT.failed : EXIT.ok;
  },
};

function listed({ rows, places }: ConfigurationView): string {
  const labels = new Map(places.map(({ key, label }) => [key, label]));
  const cells = rows
    .filter(({ at, missingFor, removedFor }) => at.length + missingFor.length + removedFor.length > 0)
    .map(({ kind, name, at, missingFor, notLiveFor, removedFor }) => [
      kind,
      name,
      at.length > 0 ? at.map(({ place }) => labels.get(place) ?? place).join(', ') : '–',
      at[0]?.updatedAt?.slice(0, 10) ?? '',
      [
        ...(missingFor.length > 0 ? [`MISSING for ${missingFor.map(withReason).join(', ')}`] : []),
        ...(notLiveFor.length > 0 ? [`not live on ${notLiveFor.map((each) => each.name).join(', ')}`] : []),
        ...(removedFor.length > 0 ? [`removed, still live on ${removedFor.map((each) => each.name).join(', ')}`] : []),
        ...(at.some(({ stale }) => stale) ? ['stale'] : []),
      ].join('; '),
    ]);
  return cells.length > 0 ? table(cells) : 'There is nothing here, and nothing asks for anything.';
}

const withReason = ({ name, because }: ConfigurationView['rows'][0]['missingFor'][0]) =>
  because ? `${name} (${because})` : name;

const set: Command = {
  name: 'config set',
  usage: '<NAME> --environment … [--place …] [--variable] [--dry-run] < value.txt',
  says: 'write a secret (or a variable); the value comes on standard input, and one line break at its end is left out',
  options: change,
  async run(invocation) {
    const { terminal } = invocation;
    nameOf(invocation);
    required(invocation, 'environment', 'its slug, such as staging');
    if (terminal.interactive) terminal.note('Type or paste the value, then press Enter and Ctrl-D.');
    const value = (await terminal.readAll()).replace(/\r?\n$/, '');
    if (value === '') throw usage('Give the value on standard input; it never stands on the command line.');
    return await changed(invocation, { plan: '/plan', send: '', more: { value } });
  },
};

const unset: Command = {
  name: 'config unset',
  usage: '<NAME> --environment … [--place …] [--variable] [--dry-run]',
  says: 'remove a secret (or a variable)',
  options: change,
  run: (invocation) => changed(invocation, { plan: '/plan-removal', send: '/remove', more: {} }),
};

interface Sending {
  plan: string;
  send: string;
  more: { value?: string };
}

async function changed(invocation: Invocation, { plan: planPath, send, more }: Sending): Promise<ExitCode> {
  const { terminal, json, flag } = invocation;
  const environment = required(invocation, 'environment', 'its slug, such as staging');
  const name = nameOf(invocation);
  const api = invocation.client();
  const path = pathOf(environment);
  const kind = flag('variable') ? 'variable' : 'secret';
  const body = { kind, name, places: await placesOf(api, path, invocation.list('place')), ...more };
  const plan = await api.change<ChangePlan>('POST', `${path}${planPath}`, body);
  const refused = plan.steps.find(({ step }) => step === 'refused');
  if (flag('dry-run')) {
    terminal.say(json ? jsonText(plan) : table(plan.steps.map(stepLine)));
    return refused ? EXIT.refused : EXIT.ok;
  }
  if (!json) terminal.note(table(plan.steps.map(stepLine)));
  const done = await api.change<ChangeResult>('POST', `${path}${send}`, { ...body, shown: plan.shown });
  terminal.say(
    json ? jsonText(done) : lines([...done.places.map((each) => `${each.label}: ${each.sentence}`), done.sentence]),
  );
  return done.complete ? EXIT.ok : EXIT.failed;
}

function nameOf({ positionals }: Invocation): string {
  const [name, ...rest] = positionals;
  if (!name || rest.length > 0) throw usage('Give one name. A value never stands on the command line.');
  return name;
}

function stepLine({ step, label, because, atOnce, alsoDoes, alsoReadBy }: PlannedStep): string[] {
  const readers = alsoReadBy.length > 0 ? [`also read by ${alsoReadBy.join(', ')}`] : [];
  return [
    step,
    label,
    because ?? [...(atOnce ? ['counts at once'] : []), ...readers, ...(alsoDoes ? [alsoDoes] : [])].join('; '),
  ];
}

/** By label or key; left out, the environment's own place when there is only one. */
async function placesOf(api: Client, path: string, wanted: string[]): Promise<string[]> {
  const { places } = await api.get<ConfigurationView>(path);
  if (wanted.length === 0) {
    const own = places.filter(({ shared, absent }) => !shared && !absent);
    if (own.length === 1 && own[0]) return [own[0].key];
    throw usage(`Give --place, one or more of: ${places.map(({ label }) => `“${label}”`).join(', ') || 'none'}.`);
  }
  return wanted.map((text) => {
    const found = places.find(({ key, label }) => key === text || label === text);
    if (found) return found.key;
    throw new CliError(EXIT.notFound, 'not_found', `There is no place “${text}”. “config list --json” shows them.`);
  });
}

export const CONFIG_COMMANDS: readonly Command[] = [list, set, unset];
