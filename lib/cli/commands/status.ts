import type { IncidentView, MaintenanceView, StatusPageView } from '@/lib/status/model/view';
import { withLabel } from '../../targets/model/label.ts';
import { type Command, type Invocation, onlyPositional, positiveNumber, required } from '../command.ts';
import { CliError, EXIT, usage } from '../exit.ts';
import { deploymentId, targetOf } from '../lookup.ts';
import { allRows } from '../pages.ts';
import { said } from '../scope.ts';
import { jsonText, table } from '../terminal.ts';

type Words = readonly string[];
const IMPACTS: Words = ['none', 'minor', 'major', 'critical'];
const STATES: Words = ['investigating', 'identified', 'monitoring', 'resolved'];
const targets = { target: { type: 'string', multiple: true } } as const;

function oneOf(invocation: Invocation, name: string, words: Words, usual: string): string {
  const word = invocation.text(name) ?? usual;
  if (words.includes(word)) return word;
  throw usage(`--${name} is one of ${words.join(', ')}.`);
}

/** `--target backend/production`, as often as there are places. */
async function targetIds(invocation: Invocation): Promise<string[]> {
  const api = invocation.client();
  const found: string[] = [];
  for (const text of invocation.list('target')) found.push((await targetOf(api, text)).targetId);
  return found;
}

const names = (places: IncidentView['places']) =>
  places.map(({ component, environment, label }) => `${withLabel(component, label)} in ${environment}`).join(', ') ||
  '–';

const incidentList: Command = {
  name: 'incident list',
  usage: '',
  says: 'incidents on the status page, those that go on first',
  options: {},
  async run({ client, terminal, json }) {
    const rows = await allRows<IncidentView>(client(), '/incidents');
    const lines = rows.map(({ id, state, impact, title, places, startedAt }) => [
      ...[id, state, impact, title, names(places), `since ${startedAt}`],
    ]);
    terminal.say(json ? jsonText(rows) : lines.length > 0 ? table(lines) : 'There was no incident.');
    return EXIT.ok;
  },
};

const incidentOpen: Command = {
  name: 'incident open',
  usage:
    '--title … --text … [--impact minor] [--state investigating] [--target component/environment …] [--deployment <#n>]',
  says: 'tell everybody about trouble, on the public status page',
  options: {
    ...{ title: { type: 'string' }, text: { type: 'string' }, impact: { type: 'string' }, state: { type: 'string' } },
    ...{ ...targets, deployment: { type: 'string' } },
  },
  async run(invocation) {
    const body = {
      title: required(invocation, 'title', 'what it is, in a few words'),
      text: required(invocation, 'text', 'what people should know'),
      impact: oneOf(invocation, 'impact', IMPACTS, 'minor'),
      state: oneOf(invocation, 'state', STATES, 'investigating'),
    };
    const number = invocation.text('deployment');
    const api = invocation.client();
    const answer = await api.change<{ incidentId: string }>('POST', '/incidents', {
      ...body,
      targetIds: await targetIds(invocation),
      deploymentId: number === undefined ? null : await deploymentId(api, number),
    });
    return await said(invocation, answer, `Told: ${answer.incidentId}`);
  },
};

const post = (name: string, says: string, stateOf: (invocation: Invocation) => string): Command => ({
  name,
  usage: name === 'incident resolve' ? '<incident id> --text …' : '<incident id> --state identified --text …',
  says,
  options: {
    text: { type: 'string' },
    ...(name === 'incident resolve' ? {} : ({ state: { type: 'string' } } as const)),
  },
  async run(invocation) {
    const text = required(invocation, 'text', 'what people should know');
    const state = stateOf(invocation);
    const id = onlyPositional(invocation, 'the id that “incident list” shows');
    const path = `/incidents/${encodeURIComponent(id)}/updates`;
    const answer = await invocation.client().change<object>('POST', path, { state, text });
    return await said(invocation, answer, state === 'resolved' ? 'Resolved.' : 'Told.');
  },
});

const incidentUpdate = post('incident update', 'say how an incident stands now', (invocation) => {
  required(invocation, 'state', `one of ${STATES.join(', ')}`);
  return oneOf(invocation, 'state', STATES, '');
});
const incidentResolve = post('incident resolve', 'say that an incident is over', () => 'resolved');

const maintenanceList: Command = {
  name: 'maintenance list',
  usage: '',
  says: 'announced work, what is to come first',
  options: {},
  async run({ client, terminal, json }) {
    const rows = await allRows<MaintenanceView>(client(), '/maintenances');
    const lines = rows.map(({ id, state, title, places, startsAt, endsAt }) => [
      ...[id, state, title, names(places), `${startsAt} to ${endsAt}`],
    ]);
    terminal.say(json ? jsonText(rows) : lines.length > 0 ? table(lines) : 'There is no maintenance.');
    return EXIT.ok;
  },
};

/** `--starts` as it is, or now; the end by `--ends` or `--hours`. */
function times(invocation: Invocation): { startsAt: string; endsAt: string } {
  const starts = moment(invocation, 'starts') ?? Date.now();
  const hours = positiveNumber(invocation, 'hours');
  const ends = moment(invocation, 'ends');
  if ((hours === undefined) === (ends === undefined)) throw usage('Give --hours or --ends.');
  return {
    startsAt: new Date(starts).toISOString(),
    endsAt: new Date(ends ?? starts + (hours ?? 0) * 3_600_000).toISOString(),
  };
}

function moment(invocation: Invocation, name: string): number | undefined {
  const text = invocation.text(name);
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw usage(`--${name} is a moment such as 2026-12-24T18:00:00Z.`);
  return at;
}

const maintenancePlan: Command = {
  name: 'maintenance plan',
  usage:
    '--title … --text … [--starts 2026-12-24T18:00:00Z] --hours 2 | --ends … [--target component/environment …] [--freeze <name or id>]',
  says: 'announce work on the public status page',
  options: {
    ...{ title: { type: 'string' }, text: { type: 'string' }, starts: { type: 'string' }, ends: { type: 'string' } },
    ...{ hours: { type: 'string' }, freeze: { type: 'string' }, ...targets },
  },
  async run(invocation) {
    const body = {
      title: required(invocation, 'title', 'what it is, in a few words'),
      text: required(invocation, 'text', 'what people should know'),
      ...times(invocation),
    };
    const answer = await invocation.client().change<{ maintenanceId: string }>('POST', '/maintenances', {
      ...body,
      targetIds: await targetIds(invocation),
      freezeId: await freezeIn(invocation),
    });
    return await said(invocation, answer, `Announced: ${answer.maintenanceId}`);
  },
};

async function freezeIn(invocation: Invocation): Promise<string | null> {
  const text = invocation.text('freeze');
  if (text === undefined) return null;
  const { freezes } = await invocation.client().get<StatusPageView>('/status-page');
  const found = freezes.find(({ id, name }) => id === text || name === text);
  if (found) return found.id;
  throw new CliError(EXIT.notFound, 'not_found', `There is no freeze ${text}. “aetherstack freeze list” lists them.`);
}

const maintenanceEnd: Command = {
  name: 'maintenance end',
  usage: '<maintenance id>',
  says: 'end announced work now; what has not begun is called off',
  options: {},
  async run(invocation) {
    const id = onlyPositional(invocation, 'the id that “maintenance list” shows');
    const path = `/maintenances/${encodeURIComponent(id)}/end`;
    const answer = await invocation.client().change<{ state: string }>('POST', path, {});
    return await said(invocation, answer, answer.state === 'cancelled' ? 'Called off.' : 'Ended.');
  },
};

export const STATUS_COMMANDS: readonly Command[] = [
  ...[incidentList, incidentOpen, incidentUpdate, incidentResolve],
  ...[maintenanceList, maintenancePlan, maintenanceEnd],
];
