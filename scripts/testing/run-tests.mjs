import { ensureDependencies } from '../bootstrap/dependencies.mjs';
import { Stopped } from '../bootstrap/run.mjs';

/** @returns {Promise<number>} the exit code: 0 only when every stage ran something and nothing failed */
export async function runTests({ argv, root, stages, say = console.log }) {
  let total = { passed: 0, failed: 0 };
  try {
    await ensureDependencies({ root, log: say });
    // Only now: the stages import what the line above installs.
    const all = stages ?? (await import('./stages.mjs')).STAGES;
    const { names, filters } = readArguments(
      argv,
      all.map(([name]) => name),
    );
    const context = { root, filters, say, distDir: process.env.AETHERSTACK_DIST_DIR || '.next-full' };
    total = await runStages(
      all.filter(([name]) => names.includes(name)),
      context,
    );
  } catch (error) {
    if (error instanceof Stopped) {
      return 130;
    }
    say(`\n${error.message}\n`);
    total.failed += 1;
  }
  say(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

async function runStages(stages, context) {
  const { say } = context;
  const rows = [];
  let built = true;
  // Where one cannot be brought, its stage asks again and says why.
  for (const [, , bring] of stages) void bring?.(context).catch(() => undefined);
  for (const [name, run] of stages) {
    say(`\n── ${name} ──`);
    const begun = Date.now();
    const counts = !built && NEEDS_BUILD.has(name) ? notPossible(say) : await attempt(run, context);
    built = built && !(name === 'build' && counts.failed > 0);
    rows.push({ name, ...counts, seconds: ((Date.now() - begun) / 1000).toFixed(1) });
  }
  // Once more at the end: a long run’s output is read from below.
  for (const { name, failures = [], unsteady = [] } of rows) {
    for (const failure of failures) {
      say(`FAIL ${name}: ${failure}`);
    }
    for (const first of unsteady) {
      say(`UNSTEADY ${name}, passed on its second try only: ${first}`);
    }
  }
  say('');
  for (const { name, passed, failed, seconds } of rows) {
    say(
      `${name.padEnd(8)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${seconds.padStart(8)} s`,
    );
  }
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  return { passed: sum('passed'), failed: sum('failed') };
}

const NEEDS_BUILD = new Set(['bundle', 'e2e', 'chaos']);

function notPossible(say) {
  say('not possible: the app could not be built');
  return { passed: 0, failed: 1 };
}

async function attempt(run, context) {
  try {
    const counts = await run(context);
    if (counts.passed + counts.failed === 0) {
      return { passed: 0, failed: 1, failures: ['this stage ran no test'] };
    }
    return counts;
  } catch (error) {
    if (error instanceof Stopped) {
      throw error;
    }
    return { passed: 0, failed: 1, failures: [error.message] };
  }
}

function readArguments(argv, known) {
  const only = argv.indexOf('--only');
  if (only === -1) {
    return { names: argv.length > 0 ? ['unit'] : known, filters: argv };
  }
  const names = (argv[only + 1] ?? '').split(',');
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`There is no stage "${unknown.join(', ')}". The stages are ${known.join(', ')}.`);
  }
  return { names, filters: argv.toSpliced(only, 2) };
}
