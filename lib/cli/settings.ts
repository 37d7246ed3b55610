import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CliError, EXIT, usage } from './exit.ts';

export interface Settings {
  url: string;
  token: string;
}

type Environment = Record<string, string | undefined>;

function fileOf(env: Environment): string {
  const home = env['XDG_CONFIG_HOME'] || path.join(env['HOME'] || os.homedir(), '.config');
  return path.join(home, 'aetherstack', 'credentials.json');
}

/** An origin that a token may be sent to: https, or this machine itself. Throws `CliError` for any other. */
export function checkedUrl(text: string): string {
  if (!URL.canParse(text))
    throw usage(`“${text}” is not an address. Write it whole, such as https://deploy.example.com.`);
  const url = new URL(text);
  const local = /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local))
    throw usage('A token is sent over https only, or to this machine itself. Write an https address.');
  if (url.username || url.password) throw usage('Leave name and password out of the address.');
  return url.origin;
}

function stored(env: Environment): Settings | null {
  const file = fileOf(env);
  try {
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
      throw usage(`${file} can be read by others. Take that away with chmod 600, or log in again.`);
    const { url, token } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Settings>;
    return typeof url === 'string' && typeof token === 'string' ? { url: checkedUrl(url), token } : null;
  } catch (error) {
    if (error instanceof CliError) throw error;
    return null;
  }
}

/** AETHERSTACK_URL and AETHERSTACK_TOKEN win over what `login` stored; a stored token goes only where it was stored for. */
export function readSettings(env: Environment): Settings {
  const own = stored(env);
  const url = env['AETHERSTACK_URL'] ? checkedUrl(env['AETHERSTACK_URL']) : own?.url;
  const token = env['AETHERSTACK_TOKEN'] || (url === own?.url ? own?.token : undefined);
  if (url && token) return { url, token };
  throw new CliError(
    EXIT.usage,
    'not_logged_in',
    'Not logged in. Run “aetherstack login --url https://…”, or set AETHERSTACK_URL and AETHERSTACK_TOKEN.',
  );
}

/** Only the owner of the account can read the file. Returns its path. */
export function storeSettings(settings: Settings, env: Environment): string {
  const file = fileOf(env);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  // A new file (`wx` follows no link) that takes the place of the old one, whatever that was and whoever could read it.
  const fresh = `${file}.${randomUUID()}`;
  try {
    writeFileSync(fresh, `${JSON.stringify(settings)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  return file;
}

export function forgetSettings(env: Environment): void {
  rmSync(fileOf(env), { force: true });
}
