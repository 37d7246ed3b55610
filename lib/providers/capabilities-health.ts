import type { ProviderContext } from './context';
import type { HealthAlert, HealthIssue, MetricQuestion, MetricSeries, Signal } from './health-terms';

/** Ready-made questions for a kind of application; `{{name}}` is a placeholder that the target fills in. */
export interface QueryPreset {
  id: string;
  label: string;
  queries: Partial<Record<Signal, { expression: string; unit: string }>>;
}

/** A line in the vendor's own words that says what of it belongs to a target. */
export interface ScopeField {
  label: string;
  hint: string;
  example: string;
}

/** How a deployed thing does, by whoever measures it. */
export interface HealthCapabilities {
  health: {
    traits: {
      /** What questions are written in, as people call it. */
      language: string;
      /** Most points of one answer; a longer window is asked with a longer step. */
      mostPoints: number;
      /** What came within so many seconds is still being counted there, a gap or not whole yet; 0 where an answer is complete. */
      settlesSeconds: number;
      alerts: boolean;
      /** It knows what went wrong for the first time since a moment. */
      issues: boolean;
      presets: readonly QueryPreset[];
      /** How it is said which alerts and issues belong to a target; null where it knows neither. */
      scope: ScopeField | null;
    };
    methods: {
      /** One line. No data is a line of gaps. Throws `ProviderError` rejected `several_lines` where there are more. */
      series(c: ProviderContext, question: MetricQuestion): Promise<MetricSeries>;
      /** So many seconds before its moment a value reaches, as a mean over them does. Left out where each is of its own slot. */
      reachesBack?(expression: string): number;
      /** Those in scope that fire or are about to; empty where `alerts` is false. Throws `rejected` for a scope it cannot read. */
      alerts(c: ProviderContext, scope: string): Promise<HealthAlert[]>;
      /** First seen since then (epoch milliseconds) in scope, newest first; empty where `issues` is false. */
      newIssues(c: ProviderContext, asked: { since: number; scope: string }): Promise<HealthIssue[]>;
      /** Where a person looks at the same question; null where there is no such page. */
      link(c: Pick<ProviderContext, 'origin'>, question: MetricQuestion): string | null;
    };
  };
}
