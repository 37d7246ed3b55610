import type { PublishedTo } from '@/lib/publications/model/schemas';
import type { PublicationsView, PublishPlan } from '@/lib/publications/model/view';
import { chosenAtFirst, openedFor } from '../../publications/model/press.ts';
import { type Command, onlyPositional } from '../command.ts';
import { EXIT, usage } from '../exit.ts';
import { forTheGates, gatesOf } from '../gates.ts';
import { jsonText, oneLine, table } from '../terminal.ts';

const publish: Command = {
  name: 'extension publish',
  usage: '<id> [--to <target id>,…] [--reason …] [--check item]…',
  says: 'publish a package to our own galleries, or to those named; public ones have to be named: 1 when one refuses',
  options: { to: { type: 'string' }, reason: { type: 'string' }, ...forTheGates },
  async run(invocation) {
    const { terminal, json } = invocation;
    const api = invocation.client();
    const id = onlyPositional(invocation, 'the id of a package, its SHA-256');
    const path = `/extensions/packages/${encodeURIComponent(id)}/publish`;
    const plan = await api.get<PublishPlan>(path);
    const named = invocation.text('to')?.split(',').filter(Boolean);
    const gates = gatesOf(invocation);
    const open = openedFor(plan.places, gates.freezeOverrideReason);
    const targetIds = named ?? chosenAtFirst(open);
    if (targetIds.length === 0) throw usage(nothingChosen(open));
    const body = { targetIds, reason: invocation.text('reason') ?? '', ...gates };
    const { places } = await api.change<{ places: PublishedTo[] }>('POST', path, body);
    terminal.say(json ? jsonText(places) : places.map(lineOf).join('\n'));
    return places.some(({ outcome }) => outcome === 'refused') ? EXIT.failed : EXIT.ok;
  },
};

function nothingChosen(places: PublishPlan['places']): string {
  const open = places.filter(({ closed, cell }) => closed === null && cell?.state !== 'verified');
  if (open.length === 0) return 'No gallery is left that takes this package. “extension places” lists them.';
  const named = open.map(({ targetId, gallery }) => `${targetId} (${gallery})`).join(', ');
  return `What is published there everybody gets, for good. Name the places: --to ${named}`;
}

function lineOf({ place, outcome, number, sentence, status }: PublishedTo): string {
  const as = status === null ? '' : `, ${status}`;
  return oneLine(outcome === 'refused' ? `${place}: refused. ${sentence}` : `${place}: ${outcome} as #${number}${as}`);
}

const places: Command = {
  name: 'extension places',
  usage: '',
  says: 'versions by gallery, and where each is',
  options: {},
  async run({ terminal, json, client }) {
    const view = await client().get<PublicationsView>('/extensions/publications');
    const named = new Map(view.places.map(({ targetId, gallery, name }) => [targetId, `${gallery}, ${name}`]));
    const rows = view.rows.flatMap(({ extension, version, targetPlatform, cells }) =>
      cells.map(({ targetId, state, since }) => [
        `${extension} ${version}`,
        targetPlatform,
        named.get(targetId) ?? targetId,
        state,
        since,
      ]),
    );
    terminal.say(json ? jsonText(view) : rows.length > 0 ? table(rows) : 'Nothing was published yet.');
    return EXIT.ok;
  },
};

export const PUBLICATION_COMMANDS: readonly Command[] = [publish, places];
