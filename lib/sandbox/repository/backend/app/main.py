"""The HTTP service."""

from fastapi import FastAPI

from app import __version__
from app.routers import health, projects
from app.settings import settings

app = FastAPI(title="AetherStack", version=__version__)
app.include_router(health.router)
app.include_router(projects.router, prefix="/v1")


@app.get("/")
def root() -> dict[str, str]:
    """What runs here: version, commit and environment."""
    return {"version": __version__, "revision": settings.revision, "environment": settings.environment}
