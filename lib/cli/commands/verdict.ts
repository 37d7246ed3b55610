import type { VerdictView } from '@/lib/observability/model/verdict-view';
import { VERDICT_WORDS } from '../../observability/model/verdict-words.ts';
import { type Command, onlyPositional } from '../command.ts';
import { EXIT } from '../exit.ts';
import { deploymentId } from '../lookup.ts';
import { jsonText, lines, oneLine, table } from '../terminal.ts';

const verdict: Command = {
  name: 'verdict',
  usage: '<#n>',
  says: 'whether a deployment is healthy or worse than what it replaced; exit code 0 only when it is healthy, 1 when it is worse, 7 when nobody can say',
  options: {},
  async run(invocation) {
    const name = onlyPositional(invocation, 'one deployment, such as 12');
    const api = invocation.client();
    const view = await api.get<VerdictView>(`/deployments/${await deploymentId(api, name)}/verdict`);
    const { terminal, json } = invocation;
    terminal.say(json ? jsonText(view) : linesOf(view));
    if (view.verdict === 'worse') return EXIT.failed;
    return view.verdict === 'healthy' ? EXIT.ok : EXIT.unclear;
  },
};

/** An older console tells nothing of either. */
function besideLines({ report, written }: VerdictView): string[] {
  const watched = (report?.beside ?? []).flatMap(({ source, problem, alerts, issues }) => [
    ...(problem === null ? [] : [`${source}: ${problem}`]),
    ...alerts.map(({ name, state }) => `${source}: ${name} ${state === 'firing' ? 'fires' : 'is about to fire'}.`),
    ...issues.map(({ title, url }) => `${source}: new: ${title} ${url}`),
  ]);
  return [...watched, ...(written ?? []).map(({ sentence, url }) => (url ? `${sentence} ${url}` : sentence))];
}

function linesOf(view: VerdictView): string {
  const { verdict: word, closed, why, report, rollBack, automatic } = view;
  const beside = besideLines(view);
  if (word === null) return lines([why, ...beside]);
  const head = `${VERDICT_WORDS[word]}${closed ? '' : ' so far'}. ${why}`;
  const rows = (report?.signals ?? []).map(({ signal, verdict: each, rule, source }) => [signal, each, rule, source]);
  const back = automatic?.sentence ?? (rollBack ? 'Going back is suggested.' : null);
  const after = lines([...beside, ...(back === null ? [] : [back])]);
  return [oneLine(head), table(rows), after].filter(Boolean).join('\n');
}

export const VERDICT_COMMANDS: readonly Command[] = [verdict];
