import type { TrueRun } from '@/lib/providers/github/simulator';
import type { Simulator } from '@/lib/providers/port';

interface Builder {
  truth(): TrueRun[];
  /** The package that a run has kept; null = none. */
  packageOf(runId: string): Buffer | null;
}

const MARKET = 'https://marketplace.visualstudio.com/_apis/gallery';

/**
 * A gallery that the example team's workflow publishes to: what a run has published since is there when the gallery is next
 * asked. Only of runs that were told which package to make; the gallery takes a version once, so asking twice is no harm.
 */
export function publishedByRuns<S extends Simulator>(gallery: S, builder: Builder): S {
  const done = new Set<string>();
  const took = async ({ id, inputs }: TrueRun) => {
    const bytes = inputs.publish_to === 'open-vsx' ? null : builder.packageOf(id);
    if (bytes === null || (await publish(gallery, bytes))) done.add(id);
  };
  return {
    ...gallery,
    async handle(request: Request) {
      const over = builder.truth().filter(({ id, conclusion, inputs }) => {
        const publishes = conclusion === 'success' && inputs.sha256 && inputs.dry_run !== 'true';
        return publishes && !done.has(id);
      });
      for (const run of over) await took(run);
      return gallery.handle(request);
    },
  };
}

/** As vsce does it: a new extension, or another version of one that is there. True = it has it. */
async function publish(gallery: Simulator, bytes: Buffer): Promise<boolean> {
  const authorization = `Basic ${Buffer.from('OAuth:sandbox-token').toString('base64')}`;
  const send = (method: string, path: string) =>
    gallery.handle(
      new Request(`${MARKET}${path}`, { method, headers: { authorization }, body: new Uint8Array(bytes) }),
    );
  const made = await send('POST', '/extensions');
  if (made.status !== 409) return made.ok;
  const updated = await send('PUT', '/publishers/aetherstack/extensions/aetherstack');
  return updated.ok || updated.status === 409;
}
