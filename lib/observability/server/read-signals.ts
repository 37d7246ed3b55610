import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import { capability, inFirstUnit, ProviderError, SIGNALS, type Signal, type SignalUnit } from '@/lib/providers/port';
import { shownUrl } from '@/lib/targets/model/probe';
import { fillIn, type HealthSettings, type Place } from '../model/health-settings';
import type { Point, Span } from '../model/series';
import type { Reading } from '../model/verdict';
import { PROBE_SECONDS } from '../model/verdict-rules';
import { readSamples } from './samples';

export interface Measured {
  targetId: string;
  place: Place;
  settings: HealthSettings;
}

/**
 * What everybody who measures a target says about a span, in the first unit of each signal. Who cannot answer is a reading
 * with a problem, never an error.
 */
export async function readSignals(
  ctx: ServiceContext,
  what: Measured,
  span: Span & { stepMs: number },
): Promise<Reading[]> {
  const { settings } = what;
  const asked = SIGNALS.filter((signal) => settings.queries[signal] !== undefined);
  const [answered, own] = await Promise.all([
    asked.length > 0 ? askProvider(ctx, what, asked, span) : [],
    settings.watchUrl === null ? [] : ownReadings(ctx, what.targetId, settings.watchUrl, span),
  ]);
  return [...answered, ...own];
}

async function askProvider(
  ctx: ServiceContext,
  { settings, place }: Measured,
  asked: readonly Signal[],
  span: Span & { stepMs: number },
): Promise<Reading[]> {
  const silent = (signal: Signal, error: unknown, source = 'the source'): Reading => ({
    ...{ signal, source, points: [], stepMs: span.stepMs, weight: null, url: null },
    problem: sentenceOf(error),
    refused: error instanceof ProviderError && error.kind === 'rejected',
  });
  try {
    const { provider, context } = await ctx.openConnection(settings.connectionId ?? '', 'watch');
    const health = capability(provider, 'health');
    const source = `${provider.manifest.label} at ${new URL(context.origin).host}`;
    const settlesMs = (provider.manifest.capabilities.health?.settlesSeconds ?? 0) * 1_000;
    const one = async (signal: Signal): Promise<Reading> => {
      const { expression = '', unit = '' } = settings.queries[signal] ?? {};
      const question = { ...span, expression: fillIn(expression, settings.values, place) };
      const reachesBackMs = (health.reachesBack?.(question.expression) ?? 0) * 1_000;
      try {
        const { points, stepMs } = await health.series(context, question);
        const url = health.link(context, question);
        return {
          ...{ signal, source, stepMs, url, settlesMs, reachesBackMs, weight: null, problem: null },
          points: converted(points, unit as SignalUnit),
        };
      } catch (error) {
        return silent(signal, error, source);
      }
    };
    return await Promise.all(asked.map(one));
  } catch (error) {
    return asked.map((signal) => silent(signal, error));
  }
}

const converted = (points: readonly Point[], unit: SignalUnit): Point[] =>
  points.map(([at, value]) => [at, value === null ? null : inFirstUnit(value, unit)]);

/** Anything but an expected refusal is a bug and is thrown on. */
function sentenceOf(error: unknown): string {
  if (error instanceof ProviderError) return error.message;
  if (error instanceof ServiceError) return error.sentence;
  throw error;
}

async function ownReadings(ctx: ServiceContext, targetId: string, watchUrl: string, span: Span): Promise<Reading[]> {
  const samples = await readSamples(ctx.db, targetId, span);
  const stepMs = PROBE_SECONDS * 1_000;
  const wide = samples.findLast(({ width }) => width > PROBE_SECONDS);
  const base = {
    ...{ source: `our own probes of ${shownUrl(watchUrl)}`, stepMs, weight: 1, problem: null, url: null },
    ...(wide ? { summedUp: { until: wide.at + wide.width * 1_000, stepMs: wide.width * 1_000 } } : {}),
  };
  return [
    {
      ...{ ...base, signal: 'latency' },
      points: samples.map(({ at, ok, ms }): Point => [at, ok > 0 ? ms / ok : null]),
    },
    {
      ...{ ...base, signal: 'uptime' },
      points: samples.map(({ at, ok, failed }): Point => [at, ok + failed > 0 ? (ok / (ok + failed)) * 100 : null]),
    },
  ];
}
