import type { OpenConnection } from '@/lib/auth/context';
import { capability, type FileList, type TargetConfig } from '@/lib/providers/port';
import { type App, appFolder, appOf, settingsOf, wantedBy } from '../model/app/app';
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
}

export interface AppAt {
  open: OpenConnection;
  config: TargetConfig;
  sha: string;
  /** Folders that the component's commits are in; the first with an app counts. */
  folders: readonly string[];
  /** The variables under which everything that routes lead to is read; null = the settings are enough. */
  follow: Readonly<Record<string, string | null>> | null;
  limits?: AppLimits;
}

/**
 * Reads the settings of an app, then its routes and what they lead to, round by round. Null: there is no Next app in these
 * folders. Bounded in files, bytes and rounds; what is left out is told. Throws `ProviderError`.
 */
export async function readApp(at: AppAt): Promise<ReadApp | null> {
  const limits = at.limits ?? APP_LIMITS;
  for (const folder of at.folders.length > 0 ? at.folders : ['']) {
    const list = await capability(at.open.provider, 'files').list(at.open.context, at.config, at.sha, folder);
    const own = appFolder(
      list.files.map(({ path }) => path),
      folder,
    );
    if (own !== null) return new Reading(at, limits, own, list).all();
  }
  return null;
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

  async all(): Promise<ReadApp> {
    const files = [...this.#entries.keys()];
    for (const path of settingsOf(files)) this.#settings.set(path, await this.#textOf(path));
    if (this.#at.follow) await this.#follow(this.#at.follow);
    return {
      folder: this.#folder,
      under: (env) => this.#appUnder(env),
      read: { files: this.#files, bytes: this.#bytes },
      left: this.#left,
    };
  }

  async #follow(env: Readonly<Record<string, string | null>>): Promise<void> {
    for (let round = 0; ; round++) {
      const wanted = wantedBy(this.#appUnder(env));
      if (wanted.length === 0) return;
      const left = round < this.#limits.rounds ? await this.#take(wanted) : wanted;
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
    const known = recentFacts.get(id, path);
    if (known) {
      this.#facts.set(path, known);
      return;
    }
    // A file that is too large is not fetched either: its facts say so, as those of one that is no text.
    const text = bytes > MAX_FILE_LENGTH ? null : await this.#textOf(path);
    const facts = text === null ? unread(bytes) : moduleFacts(path, text);
    recentFacts.set(id, path, facts);
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

function unread(bytes: number): ModuleFacts {
  const sentence =
    bytes > MAX_FILE_LENGTH
      ? `It has ${bytes} bytes, and more than ${MAX_FILE_LENGTH} are not read.`
      : 'It is no text, so it was not looked at.';
  return { ...moduleFacts('', ''), misread: { sentence, line: null } };
}
