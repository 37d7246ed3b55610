import type { OpenConnection } from '@/lib/auth/context';
import { capability, type FileList, type TargetConfig } from '@/lib/providers/port';
import { type App, appFolders, appOf, explore, settingsWanted } from '../model/app/app';
import { type ModuleFacts, moduleFacts } from '../model/app/facts';
import { MAX_FILE_LENGTH } from '../model/app/syntax';
import { APP_LIMITS, type AppLimits } from '../model/limits';
import { recentFacts } from './recent-facts';

/** An app's sources at a commit, as far as they were read. */
export interface ReadApp {
  /** Where it lies in the repository. */
  folder: string;
  /** The app under the variables of a mode; what was read is shared. */
  under(env: Readonly<Record<string, string | null>>): App;
  read: { files: number; bytes: number };
  /** What was left out, each as a sentence. Empty when everything that routes lead to was read. */
  left: string[];
  /** Why another app than this one is built, as a sentence: the host names a folder that has none. */
  notBuilt: string | null;
}

export interface AppAt {
  open: OpenConnection;
  config: TargetConfig;
  sha: string;
  /** Folders that the component's commits are in; the first with an app counts, unless the host tells what it builds. */
  folders: readonly string[];
  /** Where the host's builds begin, and what people call it; left out where it does not tell. */
  builds?: { folder: string; host: string } | undefined;
  /** The variables under which everything that routes lead to is read; null = the settings are enough. */
  follow: Readonly<Record<string, string | null>> | null;
  limits?: AppLimits;
}

/**
 * Reads the settings of an app, then its routes and what they lead to, round by round. Null: there is no Next app in these
 * folders. Bounded in files, bytes and rounds; what is left out is told. Throws `ProviderError`.
 */
export async function readApp(at: AppAt): Promise<ReadApp | null> {
  const found = await appsBelow(at, at.folders.length > 0 ? at.folders : ['']);
  const built = at.builds?.folder;
  const there = (apps: FoundApp[]) => apps.find(({ folder }) => folder === built);
  // The host's own word counts, also where the component's folders do not name it.
  const own = built === undefined ? undefined : (there(found) ?? there(await appsBelow(at, [built])));
  // A build goes on from where it begins into any folder below by its command, and out of it into none.
  const isBelow = (folder: string) => built === '' || (built !== undefined && folder.startsWith(`${built}/`));
  const chosen = own ?? found.find(({ folder }) => isBelow(folder)) ?? found[0];
  if (!chosen) return null;
  const { folder, list } = chosen;
  const other = !own && at.builds ? otherFolder(at.builds, folder) : null;
  const doubts = [...(other && isBelow(folder) ? [other] : []), ...(own ? [] : otherApps(folder, found))];
  const read = await new Reading(at, at.limits ?? APP_LIMITS, folder, list).all(doubts);
  return { ...read, notBuilt: isBelow(folder) ? null : other };
}

interface FoundApp {
  folder: string;
  list: FileList;
}

async function appsBelow({ open, config, sha }: AppAt, folders: readonly string[]): Promise<FoundApp[]> {
  const found: FoundApp[] = [];
  for (const below of folders) {
    const list = await capability(open.provider, 'files').list(open.context, config, sha, below);
    const paths = list.files.map(({ path }) => path).filter((path) => !path.includes('node_modules/'));
    found.push(...appFolders(paths, below).map((folder) => ({ folder, list })));
  }
  return found;
}

const placeNamed = (folder: string) => folder || 'the top of the repository';

function otherFolder({ folder: built, host }: NonNullable<AppAt['builds']>, folder: string): string {
  return `${host} begins its builds in ${placeNamed(built)}, where no Next.js app was found; the one in ${placeNamed(folder)} was looked at.`;
}

type Entry = FileList['files'][number];

class Reading {
  readonly #at: AppAt;
  readonly #limits: AppLimits;
  readonly #folder: string;
  readonly #entries = new Map<string, Entry>();
  readonly #settings = new Map<string, string | null>();
  readonly #facts = new Map<string, ModuleFacts>();
  readonly #left: string[] = [];
  #files = 0;
  #bytes = 0;

  constructor(at: AppAt, limits: AppLimits, folder: string, { files, complete }: FileList) {
    this.#at = at;
    this.#limits = limits;
    this.#folder = folder;
    const prefix = folder === '' ? '' : `${folder}/`;
    const inside = files.filter(({ path }) => path.startsWith(prefix) && !path.includes('node_modules/'));
    for (const entry of inside.slice(0, limits.listed)) this.#entries.set(entry.path.slice(prefix.length), entry);
    if (!complete || inside.length > limits.listed)
      this.#left.push(`${folder || 'The repository'} has more files than are listed, so some were not seen.`);
  }

  /** `doubts`: sentences about what else may be meant. */
  async all(doubts: readonly string[]): Promise<Omit<ReadApp, 'notBuilt'>> {
    this.#left.push(...doubts);
    const files = [...this.#entries.keys()];
    for (
      let wanted = settingsWanted(files, this.#settings);
      wanted.length > 0;
      wanted = settingsWanted(files, this.#settings)
    )
      for (const path of wanted) this.#settings.set(path, await this.#textOf(path));
    if (this.#at.follow) await this.#follow(this.#appUnder(this.#at.follow));
    return {
      folder: this.#folder,
      under: (env) => this.#appUnder(env),
      read: { files: this.#files, bytes: this.#bytes },
      left: this.#left,
    };
  }

  async #follow(app: App): Promise<void> {
    const walk = explore(app);
    for (let round = 0; walk.wanted.length > 0; round++) {
      const { wanted } = walk;
      const left = round < this.#limits.rounds ? await this.#take(wanted) : wanted;
      walk.resume();
      if (left.length === 0) continue;
      this.#left.push(this.#tooMany(left));
      return;
    }
  }

  #appUnder(env: Readonly<Record<string, string | null>>): App {
    return appOf({ files: [...this.#entries.keys()], settings: this.#settings, facts: this.#facts }, env);
  }

  /** Reads what fits; answers what does not. */
  async #take(wanted: readonly string[]): Promise<string[]> {
    const open = [...wanted].sort();
    const left: string[] = [];
    const lane = async (): Promise<void> => {
      for (let path = open.shift(); path !== undefined; path = open.shift()) {
        const bytes = this.#entries.get(path)?.bytes ?? 0;
        const fits = this.#files < this.#limits.files && this.#bytes + bytes <= this.#limits.bytes;
        if (fits) await this.#readModule(path, bytes);
        else left.push(path);
      }
    };
    await Promise.all(Array.from({ length: this.#limits.atOnce }, lane));
    return left;
  }

  async #readModule(path: string, bytes: number): Promise<void> {
    this.#files += 1;
    this.#bytes += bytes;
    const { id } = this.#entries.get(path) ?? { id: '' };
    const { connectionId } = this.#at.open.context;
    const known = recentFacts.get({ connectionId, id, path });
    if (known) {
      this.#facts.set(path, known);
      return;
    }
    // A file that is too large is not fetched either: its facts say so, as those of one that is no text.
    const text = bytes > MAX_FILE_LENGTH ? null : await this.#textOf(path);
    const facts = text === null ? unread(bytes) : moduleFacts(path, text);
    recentFacts.set({ connectionId, id, path }, facts);
    this.#facts.set(path, facts);
  }

  async #textOf(path: string): Promise<string | null> {
    const entry = this.#entries.get(path);
    const { open, config } = this.#at;
    if (!entry || entry.bytes > MAX_FILE_LENGTH) return null;
    return capability(open.provider, 'files').text(open.context, config, entry.id);
  }

  #tooMany(left: readonly string[]): string {
    const { files, bytes } = this.#limits;
    const some = left.slice(0, 3).join(', ');
    return `${left.length} files were not looked at (${some}${left.length > 3 ? ', …' : ''}): at most ${files} files and ${Math.round(bytes / 1_000_000)} MB are read.`;
  }
}

/** That one of them was looked at; empty where there is no other. */
function otherApps(folder: string, found: readonly FoundApp[]): string[] {
  const others = [...new Set(found.map((each) => each.folder))].filter((each) => each !== folder);
  if (others.length === 0) return [];
  const named = others.slice(0, 3).map(placeNamed);
  const more = others.length > named.length ? `, and ${others.length - named.length} more` : '';
  return [
    `There is more than one app in the folders of this component: ${folder || 'the one at the top'} was looked at, ${named.join(', ')}${more} was not.`,
  ];
}

function unread(bytes: number): ModuleFacts {
  const sentence =
    bytes > MAX_FILE_LENGTH
      ? `It has ${bytes} bytes, and more than ${MAX_FILE_LENGTH} are not read.`
      : 'It is no text, so it was not looked at.';
  return { ...moduleFacts('', ''), misread: { sentence, line: null } };
}
