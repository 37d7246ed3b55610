import { type Blueprint, inside } from '../blueprint';
import type { BackendSettings } from '../settings';

/** The image as production runs it, next to a database, on one's own machine. */
export const compose: Blueprint<BackendSettings> = {
  id: 'compose',
  version: 2,
  kind: 'backend',
  applies: ({ registry }) => registry.type !== 'none',
  render: (settings) => [{ path: inside(settings, 'compose.yaml'), text: text(settings) }],
};

function text({ name, port, config }: BackendSettings): string {
  const rows = Object.entries(config).map(([key, value]) => `      ${key}: '${value}'\n`);
  return `# docker compose up --build --wait
name: '${name}'

services:
  '${name}':
    build:
      context: .
    init: true
    read_only: true
    tmpfs: [/tmp]
    cap_drop: [ALL]
    security_opt: ['no-new-privileges:true']
    ports: ['127.0.0.1:${port}:${port}']
    environment:
      PORT: '${port}'
      DATABASE_URL: postgresql://app:app@database:5432/app
${rows.join('')}    env_file:
      - path: .env
        required: false
    depends_on:
      database:
        condition: service_healthy

  # For trying things out: production has a database of its own, with a password of its own.
  database:
    image: postgres:17-alpine
    environment:
      POSTGRES_USER: app
      POSTGRES_PASSWORD: app
      POSTGRES_DB: app
    volumes: ['data:/var/lib/postgresql/data']
    healthcheck:
      test: [CMD, pg_isready, '--username', app]
      interval: 2s
      timeout: 3s
      retries: 20

volumes:
  data: {}
`;
}
