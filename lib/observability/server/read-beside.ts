import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import { redactText } from '@/lib/kernel/redact';
import { capability, ProviderError } from '@/lib/providers/port';
import { fillIn } from '../model/health-settings';
import { type Beside, keptBeside } from '../model/verdict-beside';
import type { Measured } from './read-signals';

type Watched = Beside & { refused?: boolean };

/**
 * What alerts and new issues say of a target since a moment (epoch milliseconds). Who cannot answer is one with a problem,
 * never an error.
 */
export async function readBeside(ctx: ServiceContext, what: Measured, since: number): Promise<Watched[]> {
  // Settings from before there were any have none.
  const watched = what.settings.alerts ?? [];
  return Promise.all(watched.map((each) => readOne(ctx, what, each, since)));
}

async function readOne(
  ctx: ServiceContext,
  { settings, place }: Measured,
  { connectionId, scope, judged }: Measured['settings']['alerts'][number],
  since: number,
): Promise<Watched> {
  let source = 'the source';
  try {
    const { provider, context } = await ctx.openConnection(connectionId, 'watch');
    source = `${provider.manifest.label} at ${new URL(context.origin).host}`;
    const health = capability(provider, 'health');
    const asked = fillIn(scope, settings.values, place);
    const [alerts, issues] = await Promise.all([
      health.alerts(context, asked),
      health.newIssues(context, { since, scope: asked }),
    ]);
    return masked(keptBeside({ source, judged }, { alerts, issues }));
  } catch (error) {
    const refused = error instanceof ProviderError && error.kind === 'rejected';
    return { ...{ source, judged, alerts: [], issues: [], more: 0 }, problem: sentenceOf(error), refused };
  }
}

/** What an exception or a label says is kept with the verdict, and may have the password of an address in it. */
const masked = (beside: Beside): Beside => ({
  ...beside,
  alerts: beside.alerts.map((each) => ({
    ...each,
    name: redactText(each.name),
    severity: each.severity && redactText(each.severity),
    sentence: redactText(each.sentence),
  })),
  issues: beside.issues.map((each) => ({ ...each, title: redactText(each.title) })),
});

/** Anything but an expected refusal is a bug and is thrown on. */
function sentenceOf(error: unknown): string {
  if (error instanceof ProviderError) return error.message;
  if (error instanceof ServiceError) return error.sentence;
  throw error;
}
