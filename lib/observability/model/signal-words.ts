import type { Signal } from '@/lib/providers/port';

export const UNIT_WORDS: Record<Signal, string> = { throughput: '/s', errors: ' %', latency: ' ms', uptime: ' %' };
export const SIGNAL_WORDS: Record<Signal, string> = {
  throughput: 'Traffic',
  errors: 'Error rate',
  latency: 'Latency',
  uptime: 'Uptime',
};

/** A number as people read it: whole from 100 on, below it at most two digits after the point. */
export function said(value: number): string {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100);
}
