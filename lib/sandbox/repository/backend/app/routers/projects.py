"""Projects of the signed-in team."""

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

router = APIRouter(tags=["projects"])


class Project(BaseModel):
    """A project as the API shows it."""

    id: str = Field(pattern=r"^[a-z0-9-]{3,40}$")
    name: str = Field(min_length=1, max_length=80)


_PROJECTS: dict[str, Project] = {
    "hello": Project(id="hello", name="Hello"),
}


@router.get("/projects")
def list_projects() -> list[Project]:
    """All projects, by id."""
    return sorted(_PROJECTS.values(), key=lambda project: project.id)


@router.get("/projects/{project_id}")
def get_project(project_id: str) -> Project:
    """One project; 404 when there is none."""
    project = _PROJECTS.get(project_id)
    if project is None:
        raise HTTPException(status_code=404, detail="There is no such project.")
    return project
