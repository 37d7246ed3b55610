export interface EnvironmentSummary {
  id: string;
  slug: string;
  name: string;
  isProduction: boolean;
  position: number;
  targets: number;
}
