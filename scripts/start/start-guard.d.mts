export function startGuard(): {
  watch(members: { name: string; pid: number; started: string }[]): void;
  dismiss(): Promise<void>;
};
