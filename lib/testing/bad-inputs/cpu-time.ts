/** Starts to count; the answer says how many milliseconds this process worked since. A busy machine does not count. */
export function cpuTime(): () => number {
  const begun = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1_000;
  };
}
