export interface EmbeddedPostgres {
  url: string;
  port: number;
  pid: number;
  /** Folder that holds the cluster; outside the data folder when root's account cannot enter that. */
  home: string;
  logFile: string;
  exited: Promise<{ code: number | null; signal: string | null }>;
  stop(): Promise<void>;
}

export function startPostgres(options: {
  dataDir: string;
  log?: (line: string) => void;
  root?: string;
  settings?: Record<string, string>;
}): Promise<EmbeddedPostgres>;

export function rotateLog(folder: string, name: string, keep?: number): string;
export function lastLines(text: string, count: number): string;
