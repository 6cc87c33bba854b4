"""The example in README runs, and what README names is there."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def examples() -> list[str]:
    return re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


def test_readme_has_an_example():
    assert len(examples()) == 1


@pytest.mark.parametrize("code", examples())
def test_the_example_of_readme_runs(code, capsys):
    exec(compile(code, "README.md", "exec"), {})

    assert re.search(r"the park buys [\d,]+ kWh less", capsys.readouterr().out)


@pytest.mark.parametrize("path", [path for path in re.findall(r"\]\((?!https?:)([^)]+)\)", README)])
def test_what_readme_links_to_is_there(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_what_a_page_links_to_is_there(page):
    missing = [
        link
        for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]

    assert missing == []


def test_targets_that_readme_promises_are_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    promised = set(re.findall(r"(?:`|^ {4})make ([a-z]+)\b", README, flags=re.MULTILINE))

    assert {"run", "test"} <= promised
    assert [target for target in sorted(promised) if not re.search(rf"^{target}:", makefile, flags=re.MULTILINE)] == []
