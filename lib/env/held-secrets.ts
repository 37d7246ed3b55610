import { Secret } from '@/lib/kernel/secret';
import { otlpHeaders } from './telemetry';

/** Variables whose value must turn up nowhere. */
const SECRET_VARIABLES = [
  'NEXTAUTH_SECRET',
  'AETHERSTACK_KEK',
  'AETHERSTACK_KEK_PREVIOUS',
  'AETHERSTACK_AUDIT_KEY',
  'AETHERSTACK_AUDIT_KEY_PREVIOUS',
  'AETHERSTACK_SETUP_TOKEN',
  'AETHERSTACK_METRICS_TOKEN',
  'AETHERSTACK_SANDBOX_WEBHOOK_SECRET',
  'GITHUB_OAUTH_CLIENT_SECRET',
  'AETHERSTACK_S3_SECRET_ACCESS_KEY',
  'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY',
  'CRON_SECRET',
  'SENTRY_DSN',
] as const;
/** A shorter password is a word that sentences use, too: masking it would say what it is. Its address is masked anyway. */
const SHORTEST_PASSWORD = 12;

/**
 * The secrets of the environment, held: for as long as somebody keeps the answer, logs, errors and answers mask them in
 * every writing.
 */
export function holdSecrets(source: Record<string, string | undefined>): Secret[] {
  const values: (string | undefined)[] = SECRET_VARIABLES.map((name) => source[name]?.trim());
  const password = databasePassword(source.DATABASE_URL);
  if (password.length >= SHORTEST_PASSWORD) values.push(password);
  values.push(...Object.values(otlpHeaders(source.OTEL_EXPORTER_OTLP_HEADERS)).filter(isLong));
  return values.flatMap((value) => (value ? [new Secret(value)] : []));
}

const isLong = (value: string) => value.length >= SHORTEST_PASSWORD;

function databasePassword(url: string | undefined): string {
  if (!url || !URL.canParse(url)) return '';
  const { password } = new URL(url);
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
