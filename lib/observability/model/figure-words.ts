import type { Metric } from './dora';
import type { Figures } from './dora-figures';

/** A figure for people: its value, and of what it is made. `span` writes a length given in milliseconds. */
export interface Worded {
  value: string;
  detail: string;
}

type Span = (ms: number) => string;

const rate = (value: number) => `${Math.round(value * 10) / 10} %`;
const plural = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

export function inWords(metric: Metric, figures: Figures, span: Span): Worded {
  switch (metric) {
    case 'frequency':
      return frequency(figures.frequency);
    case 'lead_time':
      return leadTime(figures.lead_time, span);
    case 'failure_rate': {
      const { value, failed, of } = figures.failure_rate;
      return share(value, `${failed.toLocaleString('en')} of ${plural(of, 'change')}`, 'No change reached users.');
    }
    case 'recovery_time':
      return recovery(figures.recovery_time, span);
    case 'rework_rate': {
      const { value, rework, of } = figures.rework_rate;
      return share(value, `${rework.toLocaleString('en')} of ${plural(of, 'deployment')}`, 'Nothing went live.');
    }
  }
}

function share(value: number | null, detail: string, nothing: string): Worded {
  return value === null ? { value: '–', detail: nothing } : { value: rate(value), detail };
}

function frequency({ value, count, days, activeDays }: Figures['frequency']): Worded {
  const often = value >= 1 ? `${Math.round(value * 10) / 10} a day` : `${Math.round(value * 70) / 10} a week`;
  const detail = `${count.toLocaleString('en')} in ${Math.round(days)} days, on ${plural(activeDays, 'day')}`;
  return count === 0
    ? { value: 'None', detail: `Nothing went live in ${Math.round(days)} days.` }
    : { value: often, detail };
}

function leadTime({ value, p90, known, unknown }: Figures['lead_time'], span: Span): Worded {
  const rest = unknown > 0 ? `; of ${plural(unknown, 'more', 'more')} it is not known` : '';
  if (value === null || p90 === null)
    return {
      value: unknown > 0 ? 'Not known' : '–',
      detail:
        unknown > 0
          ? `The providers gave no time for ${plural(unknown, 'commit')}.`
          : 'No commit went live for the first time.',
    };
  return { value: span(value), detail: `90 % within ${span(p90)} (${known.toLocaleString('en')})${rest}` };
}

function recovery({ value, p90, recovered, open }: Figures['recovery_time'], span: Span): Worded {
  if (value === null || p90 === null)
    return open > 0
      ? { value: 'Not yet', detail: `${plural(open, 'failed change')} not mended yet` }
      : { value: '–', detail: 'No change failed.' };
  const rest = open > 0 ? `; ${open.toLocaleString('en')} not mended yet` : '';
  return { value: span(value), detail: `90 % within ${span(p90)} (${recovered.toLocaleString('en')})${rest}` };
}
