import { serverCommand } from '../backend/server-command';
import { type Blueprint, inside } from '../blueprint';
import type { BackendSettings } from '../settings';

/** Two stages, no root, no build tools in the result, a health check, and the commit as a label. Platforms choose the port by `PORT`. */
export const dockerfile: Blueprint<BackendSettings> = {
  id: 'dockerfile',
  version: 2,
  kind: 'backend',
  applies: ({ registry }) => registry.type !== 'none',
  render: (settings) => [{ path: inside(settings, 'Dockerfile'), text: text(settings) }],
};

const DEPENDENCIES = {
  pip: `COPY requirements.txt ./
RUN --mount=type=cache,target=/var/cache/build \\
    PIP_CACHE_DIR=/var/cache/build pip install --requirement requirements.txt`,
  uv: `COPY --from=ghcr.io/astral-sh/uv:0.13.8 /uv /usr/local/bin/uv
COPY pyproject.toml uv.lock ./
ENV UV_PROJECT_ENVIRONMENT=/opt/venv UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
RUN --mount=type=cache,target=/var/cache/build \\
    UV_CACHE_DIR=/var/cache/build uv sync --locked --no-dev --no-install-project`,
  poetry: `RUN python -m venv /opt/poetry && /opt/poetry/bin/pip install --no-cache-dir poetry==2.5.1
COPY pyproject.toml poetry.lock ./
RUN --mount=type=cache,target=/var/cache/build \\
    POETRY_CACHE_DIR=/var/cache/build /opt/poetry/bin/poetry install --only main --no-root --no-interaction`,
} as const;

function text(settings: BackendSettings): string {
  const { pythonVersion, packageManager, port, workers, healthPath, module, repository } = settings;
  const [path = ''] = module.split(':');
  const folder = path.split('.', 1)[0];
  const source = path.includes('.') ? `${folder} ./${folder}` : `${path}.py ./`;
  const start = serverCommand(settings, '${PORT}', '${WEB_CONCURRENCY}').join(' ');
  return `# syntax=docker/dockerfile:1
FROM python:${pythonVersion}-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
ENV VIRTUAL_ENV=/opt/venv PATH=/opt/venv/bin:$PATH
WORKDIR /build
${DEPENDENCIES[packageManager]}

FROM python:${pythonVersion}-slim
ARG REVISION=unknown
LABEL org.opencontainers.image.source="https://github.com/${repository}" \\
      org.opencontainers.image.revision="\${REVISION}"
ENV PATH=/opt/venv/bin:$PATH \\
    PYTHONUNBUFFERED=1 \\
    PYTHONDONTWRITEBYTECODE=1 \\
    PORT=${port} \\
    WEB_CONCURRENCY=${workers} \\
    REVISION=\${REVISION}
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin app
WORKDIR /srv
COPY --from=build /opt/venv /opt/venv
COPY ${source}
USER 10001
EXPOSE ${port}
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \\
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '${healthPath}', timeout=2)"]
# The shell gives its place to the server, so that a stop request reaches it.
CMD ["sh", "-c", "exec ${start}"]
`;
}
