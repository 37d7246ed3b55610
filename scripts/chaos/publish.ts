export function publish(say: (line: string) => void): number {
  say('Nothing to publish yet.');
  return 1;
}
