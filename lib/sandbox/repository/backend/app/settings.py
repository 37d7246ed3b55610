"""Configuration from the environment; nothing secret has a default."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Read once at start, so a missing value fails the deployment and not the first request."""

    environment: str = os.environ.get("ENVIRONMENT", "development")
    revision: str = os.environ.get("REVISION", "unknown")
    requests_per_minute: int = int(os.environ.get("REQUESTS_PER_MINUTE", "120"))


settings = Settings()
