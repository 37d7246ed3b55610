import {
  type DeploymentNote,
  type ProviderContext,
  ProviderError,
  type RecordRef,
  scopeWords,
  valuesOf,
} from '../port';
import { read, send, signedIn } from './client';
import { deploySchema, deploysSchema, releaseSchema } from './schema';

/** What a scope says of where a deploy belongs; the commit and the environment's slug where it says nothing. */
function placeOf({ scope, sha, environment }: DeploymentNote) {
  const words = scopeWords(scope);
  const projects = valuesOf(words, 'project');
  if (projects.length === 0)
    throw new ProviderError('rejected', 'bad_scope', 'Name a project: project:api. Mend it at the target.');
  const version = valuesOf(words, 'release')[0] ?? sha;
  return { projects, version, environment: (valuesOf(words, 'environment')[0] ?? environment).slice(0, 64) };
}

const pathOf = (version: string) => `/releases/${encodeURIComponent(version)}`;

function refOf(c: ProviderContext, version: string, { id }: { id: string }): RecordRef {
  const { organization } = signedIn(c);
  return {
    id,
    url: `${c.origin}/organizations/${encodeURIComponent(organization)}/releases/${encodeURIComponent(version)}/`,
  };
}

/** A deploy carries our marker as its name. A release that is not there has none. */
export async function find(c: ProviderContext, note: DeploymentNote): Promise<RecordRef | null> {
  const { version } = placeOf(note);
  try {
    const deploys = await read(c, `${pathOf(version)}/deploys/`, deploysSchema);
    const found = deploys.find(({ name }) => name === note.marker);
    return found ? refOf(c, version, found) : null;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'notFound') return null;
    throw error;
  }
}

/** A release that is there already is answered as if it were new, so it may be said twice; the deploy may not. */
export async function create(c: ProviderContext, note: DeploymentNote): Promise<RecordRef> {
  const { projects, version, environment } = placeOf(note);
  const url = note.link === null ? {} : { url: note.link };
  await send(c, '/releases/', releaseSchema, { version, projects, ref: note.sha });
  const deploy = await send(c, `${pathOf(version)}/deploys/`, deploySchema, {
    ...{ environment, name: note.marker, projects, ...url },
    dateStarted: new Date(note.startedAt).toISOString(),
    dateFinished: new Date(note.liveAt).toISOString(),
  });
  return refOf(c, version, deploy);
}
