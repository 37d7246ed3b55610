import type { Signal } from '@/lib/providers/port';

export const UNIT_WORDS: Record<Signal, string> = { throughput: '/s', errors: ' %', latency: ' ms', uptime: ' %' };
export const SIGNAL_WORDS: Record<Signal, string> = {
  throughput: 'Traffic',
  errors: 'Error rate',
  latency: 'Latency',
  uptime: 'Uptime',
};

/** A number as people read it: whole from 100 on, below it at most two digits after the point; never rounded to 0 or 100. */
export function said(value: number): string {
  if (value > 0 && value < 0.005) return '< 0.01';
  if (value > 99 && value < 100) return String(Math.floor(value * 100 + 1e-6) / 100);
  return String(Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100);
}
