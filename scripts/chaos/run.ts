import { parseArgs } from 'node:util';
import type { Verdict } from './checker/history';
import type { Experiment, Outcome } from './experiment';
import { EXPERIMENTS } from './experiments';
import { type Lab, openLab } from './lab/lab';
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
  const size: Record<string, unknown> = { ...(values.short ? each.short : each.full) };
  for (const part of values.set?.split(',') ?? []) {
    const [name = '', value] = part.split('=');
    if (name in size) size[name] = Number(value);
  }
  return size;
}

async function runOne(lab: Lab, each: Experiment, seed: number): Promise<ExperimentReport> {
  const size = sizeOf(each);
  const lines: string[] = [];
  const begun = Date.now();
  say(`begins  ${each.name}: ${each.title(size)}`);
  let outcome: Outcome;
  try {
    outcome = await each.run({ lab, say: (line) => say(`  ${each.name}: ${line.trim()}`) }, size);
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    outcome = { verdicts: [{ name: 'the experiment came to its end', passed: false, detail }], seen: {} };
  }
  const seconds = Math.round((Date.now() - begun) / 1000);
  lines.push(`\n${each.title(size)} (${each.promises.join(', ')}, ${seconds} s)`);
  for (const one of outcome.verdicts) lines.push(line(one));
  if (outcome.verdicts.some((one) => !one.passed))
    lines.push(`  again: npm run chaos -- --only ${each.name} --seed ${seed}${values.short ? ' --short' : ''}`);
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
  const together = chosen.filter((each) => !each.alone);
  const lane = async () => {
    for (let next = together.shift(); next; next = together.shift()) reports.push(await runOne(lab, next, seed));
  };
  await Promise.all(Array.from({ length: Number(values.lanes ?? (values.short ? 3 : 2)) }, lane));
  for (const each of chosen.filter((one) => one.alone)) reports.push(await runOne(lab, each, seed));
  return reports;
}

async function main(): Promise<number> {
  if (values.publish) return publish(say);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
  const names = values.only?.split(',');
  const chosen = EXPERIMENTS.filter((each) => !names || names.includes(each.name));
  if (chosen.length === 0) {
    say(`There is no experiment "${values.only}". Known: ${EXPERIMENTS.map((each) => each.name).join(', ')}.`);
    return 1;
  }
  say(`chaos: seed ${seed} (run it again with --seed ${seed}${values.short ? ' --short' : ''})`);
  const lab = await openLab(seed);
  let reports: ExperimentReport[] = [];
  try {
    reports = await runAll(lab, chosen, seed);
    writeReport(values.short ? 'short' : 'full', reports, await lab.serverVersion());
  } finally {
    await lab.close();
  }
  const verdicts = reports.flatMap((each) => each.verdicts);
  const failed = verdicts.filter((one) => !one.passed).length;
  say(`\n${verdicts.length - failed} passed, ${failed} failed`);
  return failed > 0 || verdicts.length === 0 ? 1 : 0;
}

process.exit(await main());
