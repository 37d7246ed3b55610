import type { DeploymentReasons } from '@/lib/deployments/model/reasons';
import type { SiteView } from '@/lib/docs-sites/model/site';
import { type Command, onlyPositional } from '../command.ts';
import { CliError, EXIT } from '../exit.ts';
import { deploymentId } from '../lookup.ts';
import { jsonText, lines, table } from '../terminal.ts';

const why: Command = {
  name: 'why',
  usage: '<#n>',
  says: 'why a deployment waits or ended badly, as the provider tells it now',
  options: {},
  async run(invocation) {
    const name = onlyPositional(invocation, 'one deployment, such as 12');
    const api = invocation.client();
    const reasons = await api.get<DeploymentReasons>(`/deployments/${await deploymentId(api, name)}/reasons`);
    const { terminal, json } = invocation;
    terminal.say(json ? jsonText(reasons) : lines(linesOf(reasons)));
    return EXIT.ok;
  },
};

function linesOf({ burned, waits, service, problem }: DeploymentReasons): string[] {
  const said = [
    ...(burned ? [burned.sentence] : []),
    ...waits.map(({ sentence, url }) => (url ? `${sentence} ${url}` : sentence)),
    ...(service?.incidents.map(
      ({ name, since, url }) => `${service.provider}: ${name}, since ${since}. ${url ?? service.page}`,
    ) ?? []),
    ...(problem ? [problem] : []),
  ];
  return said.length > 0 ? said : ['The provider tells no reason beyond what the deployment says.'];
}

const versions: Command = {
  name: 'versions',
  usage: '<component>',
  says: 'the versions of a documentation site, what is live, and what keeps visitors from them',
  options: {},
  async run(invocation) {
    const slug = onlyPositional(invocation, 'a component, such as docs');
    const view = await invocation.client().get<SiteView>(`/components/${encodeURIComponent(slug)}/site`);
    if (view.problem) throw new CliError(EXIT.refused, view.problem.code, view.problem.sentence);
    const { terminal, json } = invocation;
    terminal.say(json ? jsonText(view) : listed(view));
    return EXIT.ok;
  },
};

function listed({ versions: rows, defaultName, live, problems }: SiteView): string {
  const cells = rows.map(({ version, aliases, sha, at }) => {
    const names = aliases.map((alias) => (alias === defaultName ? `${alias}*` : alias)).join(', ');
    return [version === defaultName ? `${version}*` : version, names, sha?.slice(0, 7) ?? '', at ?? ''];
  });
  const said = lines([live.sentence, ...problems.map(({ sentence }) => sentence)]);
  return rows.length > 0 ? `${table(cells)}\n${said}` : said;
}

export const STANDING_COMMANDS: readonly Command[] = [why, versions];
