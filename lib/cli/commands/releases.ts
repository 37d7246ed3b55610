import { randomUUID } from 'node:crypto';
import type { MadeRelease, NotesView, ReleaseRepository, ReleasesView } from '@/lib/releases/model/view';
import { withLabel } from '../../targets/model/label.ts';
import { type Command, type Invocation, onlyPositional, required } from '../command.ts';
import { CliError, EXIT, usage } from '../exit.ts';
import { said } from '../scope.ts';
import { jsonText, table } from '../terminal.ts';

const list: Command = {
  name: 'release list',
  usage: '[--component …]',
  says: 'releases of the repositories, and which of them is live where',
  options: { component: { type: 'string' } },
  async run(invocation) {
    const { terminal, json } = invocation;
    const { repositories, left } = await read(invocation);
    const rows = repositories.flatMap(({ repository, releases, problem }) =>
      problem
        ? [[repository, '', '', problem.sentence, '']]
        : releases.map(({ tag, sha, draft, preRelease, author, live }) => [
            repository,
            tag,
            sha?.slice(0, 7) ?? '',
            [draft ? 'draft' : preRelease ? 'pre-release' : 'published', `by ${author}`].join(' '),
            live
              .map(({ component, environment, label }) => `${component} in ${withLabel(environment, label)}`)
              .join(', '),
          ]),
    );
    terminal.say(json ? jsonText(repositories) : rows.length > 0 ? table(rows) : 'There is no release yet.');
    if (left.length > 0) terminal.note(`Not read, name a component to see them: ${left.join(', ')}.`);
    return repositories.some(({ problem }) => problem) ? EXIT.unreachable : EXIT.ok;
  },
};

function read(invocation: Invocation): Promise<ReleasesView> {
  const component = invocation.text('component');
  const query = component ? `?component=${encodeURIComponent(component)}` : '';
  return invocation.client().get<ReleasesView>(`/releases${query}`);
}

const create: Command = {
  name: 'release create',
  usage:
    '<tag> --component … --sha <40 characters> [--name …] [--notes … | --generate [--previous tag]] [--publish] [--pre-release] [--latest] [--key …]',
  says: 'draft a release of a commit, or publish it at once',
  options: {
    ...{ component: { type: 'string' }, sha: { type: 'string' }, name: { type: 'string' }, notes: { type: 'string' } },
    ...{ generate: { type: 'boolean' }, previous: { type: 'string' }, key: { type: 'string' } },
    ...{ publish: { type: 'boolean' }, 'pre-release': { type: 'boolean' }, latest: { type: 'boolean' } },
  },
  async run(invocation) {
    const tag = onlyPositional(invocation, 'the tag, such as backend-v1.5.0');
    required(invocation, 'component', 'the component whose repository it is');
    const sha = required(invocation, 'sha', 'the full id of the commit');
    const { connectionId, repository } = onlyOne(await read(invocation));
    const place = { connectionId, repository, tag, sha };
    const answer = await invocation.client().change<MadeRelease>('POST', '/releases', {
      ...place,
      name: invocation.text('name') ?? '',
      notes: await notesOf(invocation, place),
      draft: !invocation.flag('publish'),
      preRelease: invocation.flag('pre-release'),
      latest: invocation.flag('latest'),
      // The same key again finds what the first try made.
      key: invocation.text('key') ?? randomUUID(),
    });
    const words = answer.draft ? 'Drafted' : 'Published';
    return await said(invocation, answer, `${answer.made ? words : 'It was there already'}: ${answer.url}`);
  },
};

function onlyOne({ repositories }: ReleasesView): ReleaseRepository {
  const [first, ...rest] = repositories;
  if (!first) throw new CliError(EXIT.notFound, 'no_repository', 'No repository of that component knows releases.');
  if (rest.length > 0) throw usage('That component comes from several repositories; draft it in the console.');
  return first;
}

async function notesOf(
  invocation: Invocation,
  place: { connectionId: string; repository: string; tag: string; sha: string },
) {
  const notes = invocation.text('notes');
  if (!invocation.flag('generate')) return notes ?? '';
  if (notes !== undefined) throw usage('Give --notes or --generate, not both.');
  const previousTag = invocation.text('previous') ?? '';
  const query = new URLSearchParams({ ...place, previousTag });
  return (await invocation.client().get<NotesView>(`/releases/notes?${query}`)).body;
}

export const RELEASE_COMMANDS: readonly Command[] = [list, create];
