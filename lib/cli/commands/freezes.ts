import type { FreezeEntry, HoldsView } from '@/lib/gates/model/view';
import { type Command, type Invocation, onlyPositional, positiveNumber, required } from '../command.ts';
import { CliError, EXIT, usage } from '../exit.ts';
import { scopeOf } from '../lookup.ts';
import { reaches, requireReach, said, slugs, where } from '../scope.ts';
import { jsonText, table } from '../terminal.ts';

const freezeList: Command = {
  name: 'freeze list',
  usage: '',
  says: 'freezes, when each holds next, and what waits because of it',
  options: {},
  async run({ client, terminal, json }) {
    const { freezes } = await client().get<HoldsView>('/holds');
    const rows = freezes.map(({ id, name, scope, says, next, heldBack }) => [
      id,
      name,
      reaches(scope),
      says,
      next ? `${next.active ? 'NOW until' : 'next from'} ${next.active ? next.to : next.from}` : 'over',
      next?.active ? `${heldBack.reduce((sum, each) => sum + each.queued.length, 0)} waiting` : '',
    ]);
    terminal.say(json ? jsonText(freezes) : rows.length > 0 ? table(rows) : 'There is no freeze.');
    return EXIT.ok;
  },
};

const freezeAdd: Command = {
  name: 'freeze add',
  usage:
    '--name … --reason … --starts 2026-12-24T18:00 --hours 12 [--zone Europe/Berlin] [--rule FREQ=…] (--environment … --component … | --everywhere)',
  says: 'plan a freeze, once or again and again',
  options: {
    ...{ name: { type: 'string' }, reason: { type: 'string' }, starts: { type: 'string' }, hours: { type: 'string' } },
    ...{ zone: { type: 'string' }, rule: { type: 'string' }, ...where },
    everywhere: { type: 'boolean' },
  },
  async run(invocation) {
    requireReach(invocation);
    const hours = positiveNumber(invocation, 'hours');
    if (hours === undefined) throw usage('Give --hours: how long it holds each time.');
    const head = {
      name: required(invocation, 'name', 'what it is called'),
      reason: required(invocation, 'reason', 'why, in a few words'),
      startsAt: required(invocation, 'starts', 'day and time there, such as 2026-12-24T18:00'),
    };
    const api = invocation.client();
    const answer = await api.change<{ freezeId: string }>('POST', '/freezes', {
      ...head,
      ...(await scopeOf(api, slugs(invocation))),
      timeZone: invocation.text('zone') ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      durationMinutes: Math.round(hours * 60),
      recurrence: invocation.text('rule') ?? null,
    });
    return await said(invocation, answer, `Planned: ${answer.freezeId}`);
  },
};

const freezeEnd: Command = {
  name: 'freeze end',
  usage: '<freeze id> --reason …',
  says: 'end a freeze for good',
  options: { reason: { type: 'string' } },
  async run(invocation) {
    const reason = required(invocation, 'reason', 'why, in a few words');
    const id = onlyPositional(invocation, 'the id that “freeze list” shows');
    const answer = await invocation
      .client()
      .change<object>('POST', `/freezes/${encodeURIComponent(id)}/end`, { reason });
    return await said(invocation, answer, 'Ended.');
  },
};

const freezeUpdate: Command = {
  name: 'freeze update',
  usage:
    '<freeze id> [--name …] [--reason …] [--starts …] [--hours …] [--zone …] [--rule FREQ=… | --once] [--environment … --component … | --everywhere]',
  says: 'change a freeze; what is not named stays as it is',
  options: {
    ...{ name: { type: 'string' }, reason: { type: 'string' }, starts: { type: 'string' }, hours: { type: 'string' } },
    ...{ zone: { type: 'string' }, rule: { type: 'string' }, once: { type: 'boolean' }, ...where },
    everywhere: { type: 'boolean' },
  },
  async run(invocation) {
    const named = namedIn(invocation);
    const id = onlyPositional(invocation, 'the id that “freeze list” shows');
    const api = invocation.client();
    const known = (await api.get<HoldsView>('/holds')).freezes.find((each) => each.id === id);
    if (!known)
      throw new CliError(EXIT.notFound, 'not_found', `There is no freeze ${id}. “aetherstack freeze list” lists them.`);
    const { environment, component } = slugs(invocation);
    const given = await scopeOf(api, { environment, component });
    const kept = invocation.flag('everywhere') ? { environment: null, component: null } : known.scope;
    const answer = await api.change<{ version: number }>('PUT', `/freezes/${encodeURIComponent(id)}`, {
      ...contentOf(known),
      ...named,
      environmentId: given.environmentId ?? kept.environment?.id ?? null,
      componentId: given.componentId ?? kept.component?.id ?? null,
    });
    return await said(invocation, answer, `Changed: ${id}`);
  },
};

/** What the console takes back as it gave it; `version` is refused when somebody else was faster. */
function contentOf({ version, name, reason, timeZone, startsAt, durationMinutes, recurrence }: FreezeEntry) {
  return { version, name, reason, timeZone, startsAt, durationMinutes, recurrence };
}

/** The fields that the command line names. Throws `CliError` usage when it names none, or two that contradict. */
function namedIn(invocation: Invocation): Record<string, string | number | null> {
  const { text, flag } = invocation;
  const { environment, component } = slugs(invocation);
  if (flag('once') && text('rule')) throw usage('Give --rule or --once, not both.');
  if (flag('everywhere') && (environment || component))
    throw usage('--everywhere reaches everything; leave --environment and --component out.');
  const hours = positiveNumber(invocation, 'hours');
  const named = Object.entries({
    ...{ name: text('name'), reason: text('reason'), timeZone: text('zone'), startsAt: text('starts') },
    durationMinutes: hours === undefined ? undefined : Math.round(hours * 60),
    recurrence: flag('once') ? null : text('rule'),
  }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  if (named.length === 0 && !environment && !component && !flag('everywhere'))
    throw usage('Say what to change, such as --hours 12.');
  return Object.fromEntries(named);
}

export const FREEZE_COMMANDS: readonly Command[] = [freezeList, freezeAdd, freezeUpdate, freezeEnd];
