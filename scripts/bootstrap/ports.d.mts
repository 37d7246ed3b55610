export function isFree(port: number, host?: string): Promise<boolean>;
export function freePort(remembered?: number): Promise<number>;
export function whoListens(port: number): string | undefined;
