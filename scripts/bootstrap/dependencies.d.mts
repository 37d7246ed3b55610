export function ensureDependencies(options: {
  root: string;
  log: (line: string) => void;
  signal?: AbortSignal;
}): Promise<boolean>;
export function hydratePostgresLinks(root: string): void;
