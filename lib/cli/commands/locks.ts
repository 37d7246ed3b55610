import type { HoldsView } from '@/lib/gates/model/view';
import { type Command, type Invocation, onlyPositional, positiveNumber, required } from '../command.ts';
import { EXIT, usage } from '../exit.ts';
import { scopeOf, targetOf } from '../lookup.ts';
import { reaches, requireReach, said, slugs, where } from '../scope.ts';
import { jsonText, table } from '../terminal.ts';

const lockList: Command = {
  name: 'lock list',
  usage: '',
  says: 'locks and roll-backs that hold, and what does not go live because of them',
  options: {},
  async run({ client, terminal, json }) {
    const { pins } = await client().get<HoldsView>('/holds');
    const rows = pins.map(({ id, kind, scope, reason, by, until, heldBack }) => [
      id,
      kind,
      reaches(scope),
      `${by.name}: ${reason}`,
      until ? `until ${until}` : 'until lifted',
      `${heldBack.reduce((sum, each) => sum + each.queued.length, 0)} waiting`,
    ]);
    terminal.say(json ? jsonText(pins) : rows.length > 0 ? table(rows) : 'Nothing is held.');
    return EXIT.ok;
  },
};

/** `--until` as it is, or `--hours` from now; null holds until somebody lifts it. */
function expiry(invocation: Invocation): string | null {
  const hours = positiveNumber(invocation, 'hours');
  const until = invocation.text('until');
  if (hours !== undefined && until !== undefined) throw usage('Give --hours or --until, not both.');
  return hours === undefined ? (until ?? null) : new Date(Date.now() + hours * 3_600_000).toISOString();
}

const lockAdd: Command = {
  name: 'lock add',
  usage:
    '--reason … (--target component/environment | --environment … --component … | --everywhere) [--hours n | --until 2026-12-24T18:00Z]',
  says: 'hold back everything, an environment, a component or a target',
  options: {
    ...{ reason: { type: 'string' }, target: { type: 'string' }, hours: { type: 'string' }, until: { type: 'string' } },
    ...where,
    everywhere: { type: 'boolean' },
  },
  async run(invocation) {
    const reason = required(invocation, 'reason', 'why, in a few words');
    const target = invocation.text('target');
    requireReach(invocation, { target });
    const expiresAt = expiry(invocation);
    const api = invocation.client();
    const reach = target ? { targetId: (await targetOf(api, target)).targetId } : await scopeOf(api, slugs(invocation));
    const answer = await api.change<{ pinId: string }>('POST', '/locks', { ...reach, reason, expiresAt });
    return await said(invocation, answer, `Locked: ${answer.pinId}`);
  },
};

const lockLift: Command = {
  name: 'lock lift',
  usage: '<lock id> [--reason …]',
  says: 'let through again what a lock or a roll-back holds',
  options: { reason: { type: 'string' } },
  async run(invocation) {
    const id = onlyPositional(invocation, 'the id that “lock list” shows');
    const body = { reason: invocation.text('reason') ?? '' };
    const answer = await invocation
      .client()
      .change<{ lifted: boolean }>('POST', `/pins/${encodeURIComponent(id)}/lift`, body);
    return await said(invocation, answer, answer.lifted ? 'Lifted.' : 'It was lifted before.');
  },
};

export const LOCK_COMMANDS: readonly Command[] = [lockList, lockAdd, lockLift];
