export const ok = (body: unknown): Response =>
  body === undefined ? problem(404, 'NOT_FOUND', 'The resource was not found.') : Response.json(body);

/** google.rpc.Status: https://cloud.google.com/apis/design/errors */
export function problem(
  code: number,
  status: string,
  message: string,
  headers: Record<string, string> = {},
  details?: Record<string, unknown>[],
): Response {
  return Response.json(
    { error: { code, message, status, ...(details ? { details } : {}) } },
    { status: code, headers },
  );
}

/** 0…1, the same for the same seed and serial. */
export function chance(seed: number, serial: number): number {
  const x = Math.sin(seed * 12.9898 + serial * 78.233) * 43_758.5453;
  return x - Math.floor(x);
}
