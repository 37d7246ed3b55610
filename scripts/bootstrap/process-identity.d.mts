export interface ProcessIdentity {
  pid: number;
  started: string;
}
export function identify(pid: number): ProcessIdentity | undefined;
export function isRunning(identity: ProcessIdentity | undefined): boolean;
export function parentOf(pid: number): number | undefined;
export function commandOf(pid: number): string;
