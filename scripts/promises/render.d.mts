export interface PublishedReport {
  name: string;
  title: string;
  run: 'short' | 'full';
  seed: number;
  commit: string;
  date: string;
  seconds: number;
  passed: number;
  failed: number;
  failures: string[];
  seen: Partial<Record<string, string>>;
  machine: { cores: number; memoryGb: number; platform: string; node: string; postgres: string };
}

export function digestOf(reports: PublishedReport[]): string;
export function renderPromises(published: { digest: string; reports: PublishedReport[] }): string;
