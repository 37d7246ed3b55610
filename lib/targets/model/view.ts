export interface TargetSummary {
  id: string;
  label: string;
  version: number;
  component: { id: string; slug: string; name: string };
  environment: { id: string; slug: string; name: string; isProduction: boolean };
  connection: { id: string; name: string; providerId: string };
  /** As the provider's `targetConfig` has it; never a secret. */
  config: Record<string, unknown>;
}
