const EVERY_MS = 20_000;

/** Says every twenty seconds that a long step is still under way. */
export async function patiently(log, what, work) {
  const begun = Date.now();
  const timer = setInterval(() => log(`  … still ${what} (${Math.round((Date.now() - begun) / 1000)} s)`), EVERY_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
