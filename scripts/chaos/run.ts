import { parseArgs } from 'node:util';
import type { Actor } from '@/lib/auth/actor';
import { parseServerEnv } from '@/lib/env/server';
import { composeRuntime } from '@/lib/runtime';
import type { Verdict } from './checker';
import { buildEstate } from './estate';
import { doubleClicks, randomKills, type Stage } from './experiments';
import { seeded } from './random';
import { chaosWorld } from './world';

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, seed: { type: 'string' }, only: { type: 'string' } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const say = (line: string) => console.log(line);

const SIZE = values.short
  ? { clickTargets: 60, killTargets: 15, rounds: 2, kills: 5, settleSeconds: 6 }
  : { clickTargets: 1000, killTargets: 50, rounds: 4, kills: 30, settleSeconds: 20 };

const EXPERIMENTS: Record<string, { title: string; targets: number; run: (stage: Stage) => Promise<Verdict[]> }> = {
  clicks: {
    title: `double clicks: ${SIZE.clickTargets} targets × 4 clicks → ${SIZE.clickTargets} runs`,
    targets: SIZE.clickTargets,
    run: doubleClicks,
  },
  kills: {
    title: `${SIZE.kills} random kill -9 in ${SIZE.killTargets * SIZE.rounds} deployments, every fifth answer faulty`,
    targets: SIZE.killTargets,
    run: (stage) => randomKills(stage, SIZE.rounds, SIZE.kills),
  },
};

say(`chaos: seed ${seed} (run it again with --seed ${seed})`);
let passed = 0;
let failed = 0;
for (const [name, experiment] of Object.entries(EXPERIMENTS)) {
  if (values.only && values.only !== name) continue;
  say(`\n${experiment.title}`);
  const started = Date.now();
  for (const verdict of await runExperiment(experiment)) {
    if (verdict.passed) passed++;
    else failed++;
    say(`  ${verdict.passed ? 'ok  ' : 'FAIL'} ${verdict.name} (${verdict.detail})`);
  }
  say(`  took ${Math.round((Date.now() - started) / 1000)} s`);
}
say(`\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

async function runExperiment(experiment: (typeof EXPERIMENTS)[string]): Promise<Verdict[]> {
  const world = await chaosWorld({ seed, settleSeconds: SIZE.settleSeconds });
  try {
    const runtime = await composeRuntime(parseServerEnv(world.env));
    Object.assign(process.env, world.env);
    const person = (name: string): Actor => ({
      kind: 'user',
      id: `user_${name}`,
      name,
      grants: [{ role: 'admin', environmentPattern: '*' }],
      sessionHash: name,
      ip: null,
    });
    const people = ['ana', 'bo'].map((name) => runtime.contextFor(person(name)));
    const [operator] = people;
    if (!operator) throw new Error('Nobody is there.');
    const estate = await buildEstate(runtime, operator, experiment.targets);
    const verdicts = await experiment.run({ world, runtime, people, estate, random: seeded(seed), say });
    await runtime.close();
    return verdicts;
  } finally {
    await world.close();
  }
}
