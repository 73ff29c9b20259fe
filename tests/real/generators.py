"""The generators of the help centres: each writes static pages from settings and pages into folder/out.

Both are used in their ordinary dress, but with nothing from another host: no web fonts, their own search.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.real.tools import mkdocs_python, run, venv

SEEN = "/site/seen.js"


def _write(folder: Path, pages: dict[str, str]) -> None:
    for file, text in pages.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, "utf-8")


def mkdocs_material(folder: Path, settings: dict[str, Any], pages: dict[str, str]) -> None:
    """mkdocs-material. Settings: title, language, nav, colour, features, consent (its own cookie notice), scripts."""
    _write(folder / "docs", pages)
    config: dict[str, Any] = {
        "site_name": settings["title"],
        "docs_dir": "docs",
        "site_dir": "out",
        "theme": {
            "name": "material",
            "language": settings["language"],
            "font": False,
            "features": settings.get("features", ["navigation.tabs", "navigation.footer"]),
            "palette": {"primary": settings.get("colour", "indigo")},
        },
        "plugins": ["search"],
        "markdown_extensions": ["admonition", "attr_list", "md_in_html", "pymdownx.details"],
        "extra_javascript": [SEEN, *settings.get("scripts", [])],
        "nav": settings["nav"],
    }
    if "consent" in settings:
        config["extra"] = {"consent": settings["consent"]}
        config["copyright"] = settings["copyright"]
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    run([mkdocs_python(), "-m", "mkdocs", "build", "-q", "-f", folder / "mkdocs.yml"], cwd=folder)


def sphinx_furo(folder: Path, settings: dict[str, Any], pages: dict[str, str]) -> None:
    """Sphinx with the furo theme, pages in MyST Markdown. Settings: title, language, scripts, colour."""
    _write(folder / "docs", {file: text for file, text in pages.items() if file.endswith(".md")})
    _write(folder / "extra", {file: text for file, text in pages.items() if not file.endswith(".md")})
    (folder / "extra").mkdir(exist_ok=True)
    # Sphinx looks for scripts under _static unless told to step out of it.
    scripts = [f"..{path}" for path in (SEEN, *settings.get("scripts", []))]
    config = {
        "project": settings["title"],
        "html_title": settings["title"],
        "language": settings["language"],
        "extensions": ["myst_parser"],
        "html_theme": "furo",
        "html_theme_options": {"light_css_variables": {"color-brand-primary": settings.get("colour", "#2f6f4f")}},
        "html_js_files": scripts,
        "html_extra_path": ["../extra"],
        "html_show_sphinx": False,
        "html_show_copyright": False,
        "html_copy_source": False,
        "html_show_sourcelink": False,
    }
    lines = [f"{key} = {value!r}" for key, value in config.items()]
    (folder / "docs" / "conf.py").write_text("\n".join(lines) + "\n", "utf-8")
    python = venv("sphinx")
    run([python, "-m", "sphinx", "-q", "-b", "html", folder / "docs", folder / "out"], cwd=folder)
