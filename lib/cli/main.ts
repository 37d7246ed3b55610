import { Client } from './client.ts';
import { type Command, type Invocation, parse } from './command.ts';
import { ACCOUNT_COMMANDS } from './commands/account.ts';
import { AGAIN_COMMANDS } from './commands/again.ts';
import { APPROVAL_COMMANDS } from './commands/approve.ts';
import { AUDIT_COMMANDS } from './commands/audit.ts';
import { CONFIG_COMMANDS } from './commands/config.ts';
import { CONNECTION_COMMANDS } from './commands/connections.ts';
import { DEPLOY_COMMANDS } from './commands/deploy.ts';
import { DOCTOR_COMMANDS } from './commands/doctor.ts';
import { DORA_COMMANDS } from './commands/dora.ts';
import { EXTENSION_COMMANDS } from './commands/extensions.ts';
import { FAILURE_COMMANDS } from './commands/failure.ts';
import { FREEZE_COMMANDS } from './commands/freezes.ts';
import { GALLERY_COMMANDS } from './commands/gallery.ts';
import { LOCK_COMMANDS } from './commands/locks.ts';
import { LOG_COMMANDS } from './commands/logs.ts';
import { PUBLICATION_COMMANDS } from './commands/publications.ts';
import { RELEASE_COMMANDS } from './commands/releases.ts';
import { RENDERING_COMMANDS } from './commands/rendering.ts';
import { RESOLVE_COMMANDS } from './commands/resolve.ts';
import { STANDING_COMMANDS } from './commands/standing.ts';
import { STATUS_COMMANDS } from './commands/status.ts';
import { VERDICT_COMMANDS } from './commands/verdict.ts';
import { CliError, EXIT, type ExitCode, usage } from './exit.ts';
import { readSettings } from './settings.ts';
import { jsonText, oneLine, processTerminal, type Terminal, visible } from './terminal.ts';

export const COMMANDS: readonly Command[] = [
  ...ACCOUNT_COMMANDS,
  ...DEPLOY_COMMANDS,
  ...AGAIN_COMMANDS,
  ...RESOLVE_COMMANDS,
  ...APPROVAL_COMMANDS,
  ...FREEZE_COMMANDS,
  ...LOCK_COMMANDS,
  ...LOG_COMMANDS,
  ...AUDIT_COMMANDS,
  ...DOCTOR_COMMANDS,
  ...CONNECTION_COMMANDS,
  ...DORA_COMMANDS,
  ...VERDICT_COMMANDS,
  ...FAILURE_COMMANDS,
  ...STANDING_COMMANDS,
  ...STATUS_COMMANDS,
  ...CONFIG_COMMANDS,
  ...RELEASE_COMMANDS,
  ...RENDERING_COMMANDS,
  ...EXTENSION_COMMANDS,
  ...PUBLICATION_COMMANDS,
  ...GALLERY_COMMANDS,
];

function help(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return [
    'aetherstack <command> [--json] [--help]',
    '',
    ...COMMANDS.map(({ name, says }) => `  ${name.padEnd(width)}  ${says}`),
    '',
    'Exit codes: 0 done, 1 the deployment failed, 2 usage, 3 refused, 4 not found, 5 no answer, 6 timed out,',
    '7 nobody can say, 130 interrupted.',
    'AETHERSTACK_URL and AETHERSTACK_TOKEN stand in for “login”.',
  ].join('\n');
}

function find(argv: readonly string[]): { command: Command; rest: string[] } | null {
  for (const words of [2, 1]) {
    const command = COMMANDS.find(({ name }) => name === argv.slice(0, words).join(' '));
    if (command) return { command, rest: argv.slice(words) };
  }
  return null;
}

async function execute(argv: string[], env: Invocation['env'], terminal: Terminal): Promise<ExitCode> {
  const found = find(argv);
  if (!found) {
    if (argv.length === 0 || /^(?:help|-h|--help)$/.test(argv[0] ?? '')) {
      terminal.say(help());
      return EXIT.ok;
    }
    throw usage(`There is no command “${argv.slice(0, 2).join(' ')}”. “aetherstack help” lists them.`);
  }
  const given = parse(found.command, found.rest);
  if (given.flag('help')) {
    terminal.say(`aetherstack ${found.command.name} ${found.command.usage}\n${found.command.says}`);
    return EXIT.ok;
  }
  return await found.command.run({
    ...{ ...given, json: given.flag('json'), env, terminal },
    client: () => new Client(readSettings(env), terminal.signal),
  });
}

/** Runs one command line at a terminal and answers the exit code. Never throws, never prints a token. */
export async function answer(argv: string[], env: Invocation['env'], terminal: Terminal): Promise<ExitCode> {
  try {
    return await execute(argv, env, terminal);
  } catch (error) {
    if (terminal.signal.aborted) return EXIT.interrupted;
    const known = error instanceof CliError ? error : unforeseen(error);
    if (argv.includes('--json')) terminal.note(jsonText({ error: { code: known.code, sentence: known.message } }));
    else terminal.note(`aetherstack: ${oneLine(known.message)}`);
    return known.exit;
  }
}

/** The same of this process, with its terminal, its environment and its signals. */
export async function main(argv: string[]): Promise<ExitCode> {
  const stop = stopOnSignals();
  // Whoever reads us has read enough, as with “| head”.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT.ok : 1));
  return await answer(argv, process.env, processTerminal(stop.signal));
}

/** The press of Ctrl-C also reaches us through a parent process; only what comes later is a second one. */
const SAME_PRESS_MS = 300;

/** The first signal stops what is going on, the second one ends the process there and then. */
function stopOnSignals(): AbortController {
  const stop = new AbortController();
  let first = 0;
  const onSignal = () => {
    if (stop.signal.aborted && Date.now() - first > SAME_PRESS_MS) process.exit(EXIT.interrupted);
    first ||= Date.now();
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return stop;
}

function unforeseen(error: unknown): CliError {
  const said = error instanceof Error ? error.message : String(error);
  return new CliError(EXIT.unreachable, 'unexpected', visible(`Something unexpected: ${said}`));
}
