import type { CallerView } from '@/lib/tokens/model/view';
import { targetInSlugs } from '../../targets/model/label.ts';
import { Client } from '../client.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, usage } from '../exit.ts';
import { targets } from '../lookup.ts';
import { checkedUrl, forgetSettings, storeSettings } from '../settings.ts';
import { jsonText, oneLine, table } from '../terminal.ts';

function says({ person, token, grants }: CallerView): string {
  const roles = grants.map((grant) => `${grant.role} on ${grant.environmentPattern}`).join(', ') || 'no roles';
  const limits = token
    ? `, by token “${token.name}”: ${token.scopes.join(', ')} on ${token.environmentPattern}, until ${token.expiresAt.slice(0, 10)}`
    : '';
  return oneLine(`${person.name} (${roles})${limits}`);
}

/** The token never stands on the command line, where other processes and the shell's history could read it. */
async function tokenFrom({ env, terminal }: Invocation): Promise<string> {
  if (env['AETHERSTACK_TOKEN']) return env['AETHERSTACK_TOKEN'].trim();
  if (terminal.interactive)
    terminal.note('Paste the token (Members → API tokens), then press Enter and Ctrl-D. It is not shown again.');
  const token = (await terminal.readAll()).trim();
  if (token) return token;
  throw usage('Give the token on standard input, or in AETHERSTACK_TOKEN.');
}

const login: Command = {
  name: 'login',
  usage: '--url https://deploy.example.com < token.txt',
  says: 'check a token and keep it for this account',
  options: { url: { type: 'string' } },
  async run(invocation) {
    const { terminal, env, json } = invocation;
    const given = invocation.text('url') ?? env['AETHERSTACK_URL'];
    if (!given) throw usage('Give --url: the address of the console.');
    const settings = { url: checkedUrl(given), token: await tokenFrom(invocation) };
    const caller = await new Client(settings, terminal.signal).get<CallerView>('/me');
    const file = storeSettings(settings, env);
    terminal.say(json ? jsonText({ url: settings.url, file, caller }) : `${says(caller)}\nKept in ${file}`);
    return EXIT.ok;
  },
};

const logout: Command = {
  name: 'logout',
  usage: '',
  says: 'forget the token that login kept; revoke it under Members → API tokens',
  options: {},
  async run({ env, terminal, json }) {
    forgetSettings(env);
    terminal.say(json ? jsonText({ forgotten: true }) : 'Forgotten.');
    return EXIT.ok;
  },
};

const whoami: Command = {
  name: 'whoami',
  usage: '',
  says: 'whom the token acts for, and what it may',
  options: {},
  async run({ client, terminal, json }) {
    const api = client();
    const caller = await api.get<CallerView>('/me');
    terminal.say(json ? jsonText(caller) : `${says(caller)}\n${api.url}`);
    return EXIT.ok;
  },
};

const listTargets: Command = {
  name: 'targets',
  usage: '',
  says: 'what can be deployed where, and what runs there',
  options: {},
  async run({ client, terminal, json }) {
    const all = await targets(client());
    if (json)
      terminal.say(
        jsonText(all.map(({ cell, ...target }) => ({ ...target, current: cell.current, deploy: cell.deploy }))),
      );
    else
      terminal.say(
        table(
          all.map(({ component, environment, label, cell }) => [
            targetInSlugs(component, environment, label),
            cell.current ? `#${cell.current.number} ${cell.current.version}` : 'nothing yet',
            cell.latest ? `#${cell.latest.number} ${cell.latest.status}` : '',
            cell.deploy.refusal?.sentence ?? '',
          ]),
        ),
      );
    return EXIT.ok;
  },
};

export const ACCOUNT_COMMANDS: readonly Command[] = [login, logout, whoami, listTargets];
