"""Set-up holds what it promises: hashed locks without addresses, scripts that say things once, a mapped wheel."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("probes", "runners", "results", "dashboard")
TOOLS = (
    "bash",
    "cat",
    "cksum",
    "tr",
    "tail",
    "rm",
    "mkdir",
    "dirname",
    "env",
    "head",
    "touch",
    "chmod",
    "find",
    "grep",
    "ln",
    "sh",
    "sleep",
    "xargs",
)
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")


def pinned(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", text, re.MULTILINE))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", name).group()).lower()  # type: ignore[union-attr]


def listed(*patterns: str) -> list[str]:
    """The files git knows, and those it does not yet."""
    command = ["git", "ls-files", "-co", "--exclude-standard", *patterns]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in found.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_a_hash_for_everything_and_no_address_or_option(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash=sha256:[0-9a-f]{64})", text, re.MULTILINE)
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"[a-z0-9._-]+==[^\s;]+", entry), entry[:80]
        assert "--hash=sha256:" in entry


def test_the_locks_hold_what_the_project_asks_for_at_the_same_versions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run, dev = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert {normal(name) for name in project["dependencies"]} <= set(run)
    assert {normal(name) for name in project["optional-dependencies"]["dev"]} <= set(dev)
    assert "setuptools" in run, "the project is built without isolation"
    assert {name: version for name, version in dev.items() if name in run} == run
    for tool in ("pytest", "mypy", "ruff", "hypothesis", "mkdocs"):
        assert tool not in run, "the demonstration needs run-time requirements only"


def test_a_binary_package_is_locked_for_more_than_one_platform() -> None:
    """One hash would be one file, hence one platform and Python."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = {re.match(r"[^=]+", entry).group(): entry for entry in re.split(r"\n(?=\S)", text)}  # type: ignore[union-attr]
    for name in ("aiohttp", "greenlet", "pydantic-core", "pyyaml", "playwright"):
        assert entries[name].count("--hash=") > 5, name


def test_no_npm_lock_holds_an_address() -> None:
    for lock in listed("*package-lock.json"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert '"resolved"' not in text
        assert '"integrity"' in text


def test_the_scripts_are_well_formed() -> None:
    for script in ("scripts/setup", "scripts/types", "scripts/lock", ".ci/run"):
        path = ROOT / script
        assert os.access(path, os.X_OK), script
        assert "set -euo pipefail" in path.read_text(encoding="utf-8")
        subprocess.run(["bash", "-n", str(path)], check=True)


def test_make_knows_what_the_readme_names() -> None:
    for target in ("setup", "demo", "demo-real", "test", "check", "bench", "exam"):
        asked = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert asked.returncode == 0, asked.stderr


# ---- scripts/setup, with everything it calls replaced by a script that writes down how it was called


class Bare:
    """A copy of the scripts on a machine of our making: only what `bin` holds can be called."""

    def __init__(self, tmp_path: Path) -> None:
        self.root = tmp_path / "checkout"
        self.bin = tmp_path / "bin"
        self.log = tmp_path / "calls"
        (self.root / "scripts").mkdir(parents=True)
        self.bin.mkdir()
        self.log.touch()
        for name in ("scripts/setup", "requirements.lock", "requirements-dev.lock", "requirements-node.lock"):
            (self.root / name).write_bytes((ROOT / name).read_bytes())
        for name in ("pyproject.toml", "setup.py"):
            (self.root / name).write_text("")
        for tool in TOOLS:
            (self.bin / tool).symlink_to(f"/usr/bin/{tool}" if Path(f"/usr/bin/{tool}").exists() else f"/bin/{tool}")
        self.tool("uname", "echo Linux")
        self.tool("git", "exit 1")
        self.tool("timeout", 'shift; [ "$1" = 5 ] && shift 2; exec "$@"')
        self.tool("id", "echo 1000")
        self.tool("fc-list", "echo Noto")
        # A Python whose virtual environment is a script too: pip installs the command, the browser is asked for.
        self.tool("python3", VENV)
        self.settings: dict[str, str] = {}

    def tool(self, name: str, body: str) -> None:
        path = self.bin / name
        path.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self.log}"\n{body}\n')
        path.chmod(0o755)

    def setup(self, *parts: str) -> subprocess.CompletedProcess[str]:
        env = {"PATH": str(self.bin), "LOG": str(self.log), "HOME": str(self.root), **self.settings}
        return subprocess.run(
            ["bash", "scripts/setup", *parts],
            cwd=self.root,
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def calls(self) -> str:
        text = self.log.read_text()
        self.log.write_text("")
        return text


VENV = """
case "$*" in
  "-c "*) exit 0 ;;
  "-m venv "*)
    mkdir -p .venv/bin
    cat > .venv/bin/python <<'END'
#!/bin/sh
echo "venv-python $*" >> "$LOG"
case "$*" in
  -V) echo "Python 3.12.0" ;;
  *"pip install"*editable*) printf '#!/bin/sh\\n' > .venv/bin/tohuman; chmod +x .venv/bin/tohuman ;;
  "-m playwright install chromium") [ -n "$DOWNLOAD" ] && touch browser; [ -n "$DOWNLOAD" ] ;;
  "-m tohuman.runners.browser"*) [ -f browser ] || exit 5; echo "chromium at x" ;;
esac
END
    chmod +x .venv/bin/python ;;
esac
"""


def test_the_first_set_up_installs_and_the_second_touches_nothing(tmp_path: Path) -> None:
    bare = Bare(tmp_path)
    (bare.root / "browser").touch()
    first = bare.setup("run")
    assert first.returncode == 0, first.stderr
    calls = bare.calls()
    assert "--require-hashes -r requirements.lock" in calls
    assert "--no-deps --no-build-isolation --editable ." in calls
    assert len(first.stdout.splitlines()) == 3
    second = bare.setup("run")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert "pip install" not in bare.calls(), "no network is needed the second time"


def test_a_changed_lock_is_installed_again(tmp_path: Path) -> None:
    bare = Bare(tmp_path)
    (bare.root / "browser").touch()
    bare.setup("run")
    bare.calls()
    with (bare.root / "requirements.lock").open("a") as lock:
        lock.write("\n")
    assert "run-time packages" in bare.setup("run").stdout
    assert "--require-hashes -r requirements.lock" in bare.calls()


def test_playwrights_browser_comes_first_and_the_systems_when_it_cannot_be_downloaded(tmp_path: Path) -> None:
    bare = Bare(tmp_path)
    bare.settings = {"DOWNLOAD": "1"}
    bare.tool("apt-get", "exit 1")
    assert bare.setup("run").returncode == 0
    assert "apt-get" not in bare.calls()
    closed = Bare(tmp_path / "closed")
    closed.tool("id", "echo 0")
    closed.tool("apt-get", 'case "$*" in *chromium*) touch browser ;; esac')
    done = closed.setup("run")
    assert done.returncode == 0, done.stderr
    calls = closed.calls()
    assert calls.index("playwright install chromium") < calls.index("apt-get -q update") < calls.index("install -q -y")


def test_without_rights_or_network_one_sentence_names_the_command(tmp_path: Path) -> None:
    bare = Bare(tmp_path)
    done = bare.setup("run")
    assert done.returncode != 0
    assert "playwright install --with-deps chromium" in done.stderr.splitlines()[-1]


def test_a_download_that_hangs_is_ended(tmp_path: Path) -> None:
    bare = Bare(tmp_path)
    (bare.bin / "timeout").unlink()
    (bare.bin / "timeout").symlink_to("/usr/bin/timeout")
    hanging = VENV.replace('[ -n "$DOWNLOAD" ] && touch browser; [ -n "$DOWNLOAD" ]', "exec sleep 50")
    bare.tool("python3", hanging)
    bare.settings = {"TOHUMAN_DOWNLOAD_SECONDS": "1"}
    done = bare.setup("run")  # bounded by the time limit of Bare.setup
    assert "no browser that starts" in done.stderr


def test_missing_fonts_are_installed_when_allowed_and_named_when_not(tmp_path: Path) -> None:
    bare = Bare(tmp_path)
    (bare.root / "browser").touch()
    bare.tool("fc-list", "true")
    told = bare.setup("run")
    assert told.returncode == 0
    assert "fonts-noto-cjk" in told.stdout
    bare.tool("id", "echo 0")
    bare.tool("apt-get", "true")
    assert "installed fonts for Chinese" in bare.setup("run").stdout


def test_an_old_python_is_refused_in_one_sentence(tmp_path: Path) -> None:
    bare = Bare(tmp_path)
    bare.tool("python3", "exit 1")
    done = bare.setup("run")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "setup: Python 3.11 or newer is not on this machine; install it and run make again.\n"


# ---- the wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(out)]
    # Built from a copy: setuptools leaves a build folder where it works.
    copy = tmp_path_factory.mktemp("source")
    for name in [*listed(*ROOMS), *(name for name in listed() if "/" not in name)]:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes((ROOT / name).read_bytes())
    subprocess.run([*command, str(copy)], check=True, timeout=180)
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_holds_every_file_of_the_rooms_under_the_mapped_names(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    assert [name for name in listed(*ROOMS) if f"tohuman/{name}" not in names] == []
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"tohuman"}
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_works_beside_somebody_elses_results_folder(wheel: Path, tmp_path: Path) -> None:
    """Installed without its dependencies, which are taken from this environment: only the names are in question."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True, timeout=60)
    python = next(iter((tmp_path / "venv").glob("bin/python")), tmp_path / "venv/Scripts/python.exe")
    site = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    import click

    # A path file without the editable install's own hook: the dependencies only.
    (Path(site) / "dependencies.pth").write_text(str(Path(click.__file__).parent.parent))
    project = tmp_path / "project"
    for room in ("results", "runners"):
        (project / room).mkdir(parents=True)
        (project / room / "__init__.py").write_text("raise SystemExit('the wrong room')")
    (project / "results" / "store.py").write_text("raise SystemExit('the wrong store')")
    for command in (["--help"], ["runs", "--data", "data"], ["practice", "--list"], ["probes", "--check"]):
        code = "import sys; sys.path.insert(0, ''); from tohuman.runners.cli import main; main()"
        done = subprocess.run(
            [str(python), "-c", code, *command], cwd=project, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        assert str(ROOT) not in done.stderr
    where = subprocess.run(
        [str(python), "-c", "import tohuman.results.store as s; print(s.__file__)"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert str(tmp_path / "venv") in where
