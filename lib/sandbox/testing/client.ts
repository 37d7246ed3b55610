import { type RunningSandbox, type SandboxOptions, startSandbox } from '../server';

export interface Client {
  sandbox: RunningSandbox;
  /** A request to the simulated API, e.g. `/repos/aetherstack/aetherstack`; `at` begins there. */
  api(path: string, init?: RequestInit & { token?: string | null }): Promise<Response>;
  /** The same below the main repository. */
  repo(path: string, init?: RequestInit & { token?: string | null }): Promise<Response>;
  control(path: string, body?: unknown): Promise<Record<string, unknown>>;
  dispatch(inputs?: Record<string, unknown>, more?: Record<string, unknown>, workflow?: string): Promise<Response>;
  runs(): Promise<{ id: string; marker: string | null; attempt: number; conclusion: string | null }[]>;
}

/** A sandbox in memory, fifty times faster than life, and a plain HTTP client for it. */
export async function clientOf(options: Partial<SandboxOptions> = {}): Promise<Client> {
  const sandbox = await startSandbox({ port: 0, data: null, scenario: 'happy', pace: 0.02, seed: 7, ...options });
  const api: Client['api'] = (path, { token = 'sandbox-token', ...init } = {}) => {
    const headers = new Headers(init.headers);
    if (token !== null) headers.set('authorization', `Bearer ${token}`);
    return fetch(`${sandbox.url}/api.github.com${path}`, { redirect: 'manual', ...init, headers });
  };
  const repo: Client['repo'] = (path, init) => api(`/repos/aetherstack/aetherstack${path}`, init);
  const control: Client['control'] = async (path, body) => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return (await fetch(`${sandbox.url}/__sandbox/${path}`, init)).json();
  };
  return {
    sandbox,
    api,
    repo,
    control,
    dispatch(inputs = {}, more = {}, workflow = 'backend-deploy.yml') {
      const body = JSON.stringify({ ref: 'main', inputs, return_run_details: true, ...more });
      return repo(`/actions/workflows/${workflow}/dispatches`, { method: 'POST', body });
    },
    runs: async () => (await control('state')).runs as Awaited<ReturnType<Client['runs']>>,
  };
}
