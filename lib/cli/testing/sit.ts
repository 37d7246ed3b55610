import type { Client } from '../client';
import { type Invocation, parse } from '../command';
import type { CliError } from '../exit';
import { answer, COMMANDS } from '../main';
import { printing } from '../terminal';

export interface Sat {
  /** The exit code, or the code of the refusal. */
  code: number | string;
  out: string;
  err: string;
}

/** A terminal that keeps what was printed, with a person who answers `says`. */
function keptTerminal(says: string, piped: string) {
  const out: string[] = [];
  const err: string[] = [];
  const decoder = new TextDecoder();
  const terminal: Invocation['terminal'] = {
    ...{ interactive: true, signal: new AbortController().signal, ask: async () => says, readAll: async () => piped },
    ...{ say: printing((text) => void out.push(text)), note: printing((text) => void err.push(text)) },
    pass: async (bytes) => void out.push(decoder.decode(bytes, { stream: true })),
  };
  return { terminal, err, printed: () => ({ out: out.join(''), err: err.join('') }) };
}

/** One command with a person at the terminal who answers `says`, without a process. */
export async function sit(name: string, args: string[], api: Client, says = 'n', piped = ''): Promise<Sat> {
  const command = COMMANDS.find((each) => each.name === name);
  if (!command) throw new Error(`There is no command ${name}.`);
  const { terminal, err, printed } = keptTerminal(says, piped);
  const run = async () => {
    const given = parse(command, args);
    return await command.run({ ...given, json: given.flag('json'), env: {}, terminal, client: () => api });
  };
  const code = await run().catch((error: CliError) => {
    err.push(`${error.message}\n`);
    return error.code;
  });
  return { code, ...printed() };
}

/** A whole command line as its process would run it, without one: what it prints and the code that it would end with. */
export async function line(args: string[], env: Invocation['env']): Promise<Sat & { code: number }> {
  const { terminal, printed } = keptTerminal('n', '');
  const code = await answer(args, env, { ...terminal, interactive: false });
  return { code, ...printed() };
}
