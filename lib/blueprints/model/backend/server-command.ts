import type { BackendSettings } from '../settings';

/** What starts the service; `port` and `workers` as the place that runs it writes a number or a variable. */
export function serverCommand({ module }: BackendSettings, port: string, workers: string): string[] {
  return ['uvicorn', module, '--host', '0.0.0.0', '--port', port, '--workers', workers, '--proxy-headers'];
}
