export interface Counts {
  passed: number;
  failed: number;
}
export function runTests(options: {
  argv: string[];
  root: string;
  stages?: [
    string,
    (context: { filters: string[] }) => Promise<Counts>,
    ((context: { filters: string[] }) => Promise<unknown>)?,
  ][];
  say?: (line: string) => void;
}): Promise<number>;
