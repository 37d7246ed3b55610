import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Client } from './client.ts';
import { type ExitCode, usage } from './exit.ts';
import type { Terminal } from './terminal.ts';

type OptionTable = NonNullable<ParseArgsConfig['options']>;

/** Every command has these. */
const EVERYWHERE = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies OptionTable;

export interface Invocation {
  /** What stands there without a name. */
  positionals: string[];
  text(name: string): string | undefined;
  list(name: string): string[];
  flag(name: string): boolean;
  json: boolean;
  env: Record<string, string | undefined>;
  terminal: Terminal;
  client(): Client;
}

export interface Command {
  /** `freeze add`: one word, or two. */
  name: string;
  /** After the name. */
  usage: string;
  says: string;
  options: OptionTable;
  run(invocation: Invocation): Promise<ExitCode>;
}

/** Left empty by a variable that is not set, these would reach more than was meant. */
const REACH = new Set(['target', 'environment', 'component']);

/** Throws `CliError` usage for an option that the command does not know, and for an empty name of what it reaches. */
export function parse(command: Command, args: string[]) {
  const { values, positionals } = split(command, args);
  const empty = Object.entries(values).find(([name, value]) => REACH.has(name) && value === '');
  if (empty) throw usage(`--${empty[0]} is empty. Give it a value, or leave it out.`);
  return {
    positionals,
    text: (name: string) => (typeof values[name] === 'string' ? values[name] : undefined),
    list: (name: string) => (Array.isArray(values[name]) ? values[name].map(String) : []),
    flag: (name: string) => values[name] === true,
  };
}

function split(command: Command, args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { ...command.options, ...EVERYWHERE },
      allowPositionals: true,
      strict: true,
    });
    return { values: values as Record<string, string | boolean | (string | boolean)[] | undefined>, positionals };
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error);
    throw usage(`${said}. Usage: aetherstack ${command.name} ${command.usage}`);
  }
}

/** The only thing without a name, or a usage error that says what it is. */
export function onlyPositional({ positionals }: Invocation, what: string): string {
  const [first, ...rest] = positionals;
  if (!first || rest.length > 0) throw usage(`Give ${what}.`);
  return first;
}

export function required(invocation: Invocation, name: string, what: string): string {
  const value = invocation.text(name)?.trim();
  if (!value) throw usage(`Give --${name}: ${what}.`);
  return value;
}

/** For `--hours 4` and the like. */
export function positiveNumber(invocation: Invocation, name: string): number | undefined {
  const text = invocation.text(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw usage(`--${name} is a number above 0.`);
  return value;
}
