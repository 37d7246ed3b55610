import type { GalleryPerson, NamespaceView } from '@/lib/gallery/model/view';
import type { Client } from '../client.ts';
import { type Command, type Invocation, onlyPositional } from '../command.ts';
import { CliError, EXIT, usage } from '../exit.ts';
import { said } from '../scope.ts';
import { jsonText, table } from '../terminal.ts';

const AT = '/gallery/namespaces';

const keeps = (keep: number | null) => (keep === null ? 'keeps all' : `keeps ${keep}`);

const list: Command = {
  name: 'gallery namespaces',
  usage: '',
  says: 'namespaces of the private gallery, who owns them and what they keep',
  options: {},
  async run({ terminal, json, client }) {
    const namespaces = await client().get<NamespaceView[]>(AT);
    const rows = namespaces.map(({ name, owners, keep, extensions }) => [
      name,
      owners.map((owner) => `${owner.name}${owner.disabled ? ' (disabled)' : ''}`).join(', ') || 'no owner',
      keeps(keep),
      `${extensions} extension${extensions === 1 ? '' : 's'}`,
    ]);
    terminal.say(json ? jsonText(namespaces) : rows.length > 0 ? table(rows) : 'There is no namespace yet.');
    return EXIT.ok;
  },
};

const create: Command = {
  name: 'gallery create-namespace',
  usage: '<publisher>',
  says: 'make a namespace and own it; it is called like the publisher in package.json',
  options: {},
  async run(invocation) {
    const namespace = onlyPositional(invocation, 'the publisher of package.json');
    const done = await invocation.client().change<{ namespace: string }>('POST', AT, { namespace });
    return said(invocation, done, `Made the namespace ${done.namespace}. You own it.`);
  },
};

interface Named {
  id: string;
  name: string;
  login?: string;
}

/** By id or login, or by a name that one person has alone. */
function personIn(people: readonly Named[], text: string, otherwise: string): Named {
  const exact = people.find(({ id, login }) => id === text || login === text.toLowerCase());
  if (exact) return exact;
  const called = people.filter(({ name }) => name.toLowerCase() === text.toLowerCase());
  if (called.length > 1)
    throw usage(`Several are called ${text}. Name one by id: ${called.map(({ id }) => id).join(', ')}.`);
  if (called[0]) return called[0];
  throw new CliError(EXIT.notFound, 'no_such_person', otherwise);
}

function namespaceAndMore({ positionals }: Invocation, more: string): [string, string] {
  const [namespace, second, ...rest] = positionals;
  if (!namespace || !second || rest.length > 0) throw usage(`Give a namespace and ${more}.`);
  return [namespace, second];
}

const ownerAt = (namespace: string, userId: string) =>
  `${AT}/${encodeURIComponent(namespace)}/owners/${encodeURIComponent(userId)}`;

const addOwner: Command = {
  name: 'gallery add-owner',
  usage: '<namespace> <login>',
  says: 'let somebody publish and yank in a namespace, and add others',
  options: {},
  async run(invocation) {
    const [namespace, text] = namespaceAndMore(invocation, 'the login of a person');
    const api = invocation.client();
    const nobody = `Nobody who may deploy has the login ${text}. “aetherstack gallery people” lists them.`;
    const person = personIn(await api.get<GalleryPerson[]>('/gallery/people'), text, nobody);
    await api.change('PUT', ownerAt(namespace, person.id));
    return said(invocation, { namespace, userId: person.id }, `${person.name} is an owner of ${namespace}.`);
  },
};

const removeOwner: Command = {
  name: 'gallery remove-owner',
  usage: '<namespace> <name or id>',
  says: 'take somebody from the owners of a namespace; the last one stays',
  options: {},
  async run(invocation) {
    const [namespace, text] = namespaceAndMore(invocation, 'the name or the id of an owner');
    const api = invocation.client();
    const person = personIn(await ownersOf(api, namespace), text, `${text} is no owner of ${namespace}.`);
    await api.change('DELETE', ownerAt(namespace, person.id));
    return said(invocation, { namespace, userId: person.id }, `${person.name} is no owner of ${namespace} any more.`);
  },
};

async function ownersOf(api: Client, namespace: string): Promise<Named[]> {
  const found = (await api.get<NamespaceView[]>(AT)).find(({ name }) => name.toLowerCase() === namespace.toLowerCase());
  if (found) return found.owners;
  throw new CliError(EXIT.notFound, 'no_such_namespace', `The private gallery has no namespace ${namespace}.`);
}

const people: Command = {
  name: 'gallery people',
  usage: '',
  says: 'whom you can make an owner of a namespace',
  options: {},
  async run({ terminal, json, client }) {
    const found = await client().get<GalleryPerson[]>('/gallery/people');
    terminal.say(json ? jsonText(found) : table(found.map(({ login, name, id }) => [login, name, id])));
    return EXIT.ok;
  },
};

const keep: Command = {
  name: 'gallery keep',
  usage: '<namespace> <number | all>',
  says: 'how many of the newest versions of each extension stay in the gallery',
  options: {},
  async run(invocation) {
    const [namespace, text] = namespaceAndMore(invocation, 'a number of versions, or “all”');
    if (text !== 'all' && !/^\d{1,6}$/.test(text)) throw usage(`“${text}” is no number. Give one, or “all”.`);
    const kept = text === 'all' ? null : Number(text);
    await invocation.client().change('PUT', `${AT}/${encodeURIComponent(namespace)}/keep`, { keep: kept });
    return said(invocation, { namespace, keep: kept }, `${namespace} ${keeps(kept)}.`);
  },
};

export const GALLERY_COMMANDS: readonly Command[] = [list, create, people, addOwner, removeOwner, keep];
