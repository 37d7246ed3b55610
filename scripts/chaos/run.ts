import { parseArgs } from 'node:util';
import type { Verdict } from './checker/history';
import type { Experiment, Outcome } from './experiment';
import { EXPERIMENTS } from './experiments';
import { type Lab, openLab } from './lab/lab';
import type { WorldOptions } from './lab/world';
import { publish } from './publish';
import { type ExperimentReport, writeReport } from './report';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string' },
    only: { type: 'string' },
    lanes: { type: 'string' },
    set: { type: 'string' },
    publish: { type: 'boolean', default: false },
  },
});
const say = (line: string) => console.log(line);
process.env.AETHERSTACK_LOG_LEVEL ??= 'error';

/** `--set deployments=200,kills=20`: another size, which the report then says. */
function sizeOf(each: Experiment): object {
  const size: Record<string, unknown> = { ...((values.short && each.short) || each.full) };
  for (const part of values.set?.split(',') ?? []) {
    const [name = '', value] = part.split('=');
    if (name in size) size[name] = Number(value);
  }
  return size;
}

/** Each experiment's own, so that it does the same alone as among others. */
function seedOf(name: string, seed: number): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, seed % 1_000_003);
}

async function runOne(lab: Lab, each: Experiment, seed: number): Promise<ExperimentReport> {
  const size = sizeOf(each);
  const lines: string[] = [];
  const begun = Date.now();
  say(`begins  ${each.name}: ${each.title(size)}`);
  let outcome: Outcome;
  try {
    const own = { ...lab, world: (options: WorldOptions) => lab.world({ ...options, seed: seedOf(each.name, seed) }) };
    outcome = await each.run({ lab: own, say: (line) => say(`  ${each.name}: ${line.trim()}`) }, size);
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    outcome = { verdicts: [{ name: 'the experiment came to its end', passed: false, detail }], seen: {} };
  }
  const seconds = Math.round((Date.now() - begun) / 1000);
  lines.push(`\n${each.title(size)} (${each.promises.join(', ')}, ${seconds} s)`);
  for (const one of outcome.verdicts) lines.push(line(one));
  if (outcome.verdicts.some((one) => !one.passed))
    lines.push(
      `  again: npm run chaos -- --only ${each.name} --seed ${seed}${values.short ? ' --short' : ''}${values.set ? ` --set ${values.set}` : ''}`,
    );
  say(lines.join('\n'));
  const { name, promises } = each;
  return { name, promises: [...promises], title: each.title(size), size, seed, seconds, ...outcome };
}

function line(one: Verdict): string {
  return `  ${one.passed ? 'ok  ' : 'FAIL'} ${one.name} (${one.detail})`;
}

/** Those that only wait for time to pass share the machine; those that measure it or take Postgres away have it alone. */
async function runAll(lab: Lab, chosen: readonly Experiment[], seed: number): Promise<ExperimentReport[]> {
  const reports: ExperimentReport[] = [];
  const version = await lab.serverVersion();
  const run = async (each: Experiment) => {
    const report = await runOne(lab, each, seed);
    reports.push(report);
    // At once: a run that is ended early has shown what it has shown.
    writeReport(values.short ? 'short' : 'full', [report], version);
  };
  const together = chosen.filter((each) => !each.alone);
  const lane = async () => {
    for (let next = together.shift(); next; next = together.shift()) await run(next);
  };
  await Promise.all(Array.from({ length: Number(values.lanes ?? (values.short ? 4 : 2)) }, lane));
  for (const each of chosen.filter((one) => one.alone)) await run(each);
  return reports;
}

async function main(): Promise<number> {
  if (values.publish) return publish(say);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
  const names = values.only?.split(',');
  const chosen = EXPERIMENTS.filter((each) => (names ? names.includes(each.name) : !values.short || each.short));
  if (chosen.length === 0) {
    say(`There is no experiment "${values.only}". Known: ${EXPERIMENTS.map((each) => each.name).join(', ')}.`);
    return 1;
  }
  say(`chaos: seed ${seed} (run it again with --seed ${seed}${values.short ? ' --short' : ''})`);
  const lab = await openLab();
  let reports: ExperimentReport[] = [];
  try {
    reports = await runAll(lab, chosen, seed);
  } finally {
    await lab.close();
  }
  const verdicts = reports.flatMap((each) => each.verdicts);
  const failed = verdicts.filter((one) => !one.passed).length;
  say(`\n${verdicts.length - failed} passed, ${failed} failed`);
  return failed > 0 || verdicts.length === 0 ? 1 : 0;
}

process.exit(await main());
