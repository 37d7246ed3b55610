from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)


def test_health_answers() -> None:
    assert client.get("/health").json() == {"status": "ok"}


def test_root_names_the_version() -> None:
    assert client.get("/").json()["version"]


def test_unknown_project_is_404() -> None:
    assert client.get("/v1/projects/nope").status_code == 404


def test_projects_are_sorted() -> None:
    ids = [project["id"] for project in client.get("/v1/projects").json()]
    assert ids == sorted(ids)
