"""Which browser is found, in which order, on which system; and what it is told when it starts."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import playwright
import pytest
from playwright.async_api import Error, async_playwright

from tohuman.runners import browser
from tohuman.runners.browser import Found, context_options, find, launch_options
from tohuman.runners.errors import BrowserMissing, SandboxRefused
from tohuman.runners.exits import Exit

FOUND = Found("/opt/x/chromium", "chromium", "150.0.1.2", "system")


def program(path: Path, answer: str = "Chromium 150.0.1.2 built on something") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(0o755)
    return path


def revision(name: str = "chromium") -> str:
    listed = json.loads((Path(playwright.__file__).parent / "driver/package/browsers.json").read_text())["browsers"]
    return str(next(entry["revision"] for entry in listed if entry["name"] == name))


def test_the_setting_wins_then_playwrights_own_then_the_systems(tmp_path: Path) -> None:
    own = program(tmp_path / f"pw/chromium-{revision()}/chrome-linux64/chrome", "Google Chrome for Testing 151.0.0.1")
    (own.parent.parent / "INSTALLATION_COMPLETE").touch()
    system = program(tmp_path / "bin/google-chrome")
    named = program(tmp_path / "elsewhere/my-browser")
    env = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "pw")}
    assert find(env | {"TOHUMAN_BROWSER": str(named)}, "linux").origin == "setting"
    assert find(env, "linux") == Found(str(own), "chrome", "151.0.0.1", "playwright")
    (own.parent.parent / "INSTALLATION_COMPLETE").unlink()  # as an interrupted download leaves it
    assert find(env, "linux") == Found(str(system), "chrome", "150.0.1.2", "system")


def test_a_mac_and_a_windows_browser_are_found_where_they_live(tmp_path: Path) -> None:
    mac = program(tmp_path / "Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "Google Chrome 152.0.0.0")
    windows = program(tmp_path / "Files/Microsoft/Edge/Application/msedge.exe")
    for number in ("99.0.0.1", "149.0.3.4"):
        (windows.parent / number).mkdir()
    base = {"HOME": str(tmp_path), "PATH": "", "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "none")}
    if not any(Path("/Applications").glob("*Chrom*")):
        assert find(base, "darwin").executable == str(mac)
    on_windows = find(base | {"PROGRAMFILES": str(tmp_path / "Files")}, "win32")
    assert on_windows == Found(str(windows), "msedge", "149.0.3.4", "system")


@pytest.mark.parametrize("extra", [{}, {"TOHUMAN_BROWSER": "/nowhere/chrome"}])
def test_no_browser_is_one_sentence_that_names_the_command(tmp_path: Path, extra: dict[str, str]) -> None:
    env = {"PATH": "", "HOME": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)}
    with pytest.raises(BrowserMissing, match="playwright install --with-deps chromium") as missing:
        find(env | extra, "linux")
    assert missing.value.exit is Exit.NO_BROWSER


def test_a_browser_that_does_not_answer_has_no_version_and_no_hang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "_VERSION_SECONDS", 0.3)
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 20\n")
    silent.chmod(0o755)
    assert browser.version(str(silent), "linux") == ""


def test_it_starts_behind_the_proxy_quiet_and_sandboxed_unless_root(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = {"server": "http://127.0.0.1:1", "bypass": "<-loopback>"}
    monkeypatch.setattr(browser, "is_root", lambda: False)
    monkeypatch.setattr(browser, "KERNEL", Path("/nowhere"))
    monkeypatch.delenv("TOHUMAN_SANDBOX", raising=False)
    options = launch_options(FOUND, live=True, proxy=proxy)
    assert options["chromium_sandbox"] is True
    assert options["proxy"] == proxy
    for flag in ("--disable-quic", "--no-first-run", "--disable-component-update", "--disable-background-networking"):
        assert flag in options["args"]
    assert "--force-webrtc-ip-handling-policy=disable_non_proxied_udp" in options["args"]
    monkeypatch.setattr(browser, "is_root", lambda: True)
    assert launch_options(FOUND)["chromium_sandbox"] is False
    with pytest.raises(SandboxRefused):
        launch_options(FOUND, live=True)


def test_a_system_that_denies_namespaces_denies_them_to_a_downloaded_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "is_root", lambda: False)
    monkeypatch.setattr(browser, "KERNEL", tmp_path)
    monkeypatch.delenv("TOHUMAN_SANDBOX", raising=False)
    downloaded = Found("/home/x/chrome", "chrome", "150", "playwright")
    assert browser.sandboxed(found=downloaded) == (True, "")
    (tmp_path / "kernel").mkdir()
    (tmp_path / "kernel" / "apparmor_restrict_unprivileged_userns").write_text("1\n")
    on, why = browser.sandboxed(found=downloaded)
    assert (on, "apparmor" in why) == (False, True)
    assert browser.sandboxed(found=FOUND) == (True, "")
    with pytest.raises(SandboxRefused, match="namespaces"):
        launch_options(downloaded, live=True)


@pytest.mark.parametrize("device", ["desktop", "mobile"])
def test_a_context_grants_and_keeps_nothing(device: browser.Device) -> None:
    options = context_options("zh-CN", device, "Asia/Shanghai", FOUND.version)
    assert options["permissions"] == []
    assert options["service_workers"] == "block"
    assert options["accept_downloads"] is False
    assert (options["locale"], options["timezone_id"]) == ("zh-CN", "Asia/Shanghai")
    if device == "mobile":
        assert options["is_mobile"] is options["has_touch"] is True
        assert "Chrome/150.0.0.0 Mobile" in options["user_agent"]
    else:
        assert options["viewport"] == {"width": 1366, "height": 768}


def test_every_feature_that_playwright_turns_off_stays_off(tmp_path: Path) -> None:
    """Chromium obeys the last list only: Playwright's and then ours are on the command line."""
    told = tmp_path / "told"
    recorder = tmp_path / "recorder"
    recorder.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > {told}\nexit 1\n")
    recorder.chmod(0o755)

    async def start() -> None:
        async with async_playwright() as driver:
            with pytest.raises(Error):
                await driver.chromium.launch(**launch_options(Found(str(recorder), "chromium", "150", "system")))

    asyncio.run(start())
    lists = [set(x.split("=")[1].split(",")) for x in told.read_text().split() if x.startswith("--disable-features=")]
    assert len(lists) == 2
    assert lists[0] < lists[1], lists[0] - lists[1]


def test_a_new_window_costs_no_page_that_nobody_sees() -> None:
    """The system's Chromium has an address bar; Playwright's own headless one has none to begin with."""

    async def pages() -> list[str]:
        async with async_playwright() as driver:
            started = await driver.chromium.launch(**launch_options())
            page = await (await started.new_context()).new_page()
            await page.goto("data:text/html,<button>x</button>")
            await asyncio.sleep(1.0)  # what comes with a window comes by then (it did, before this was turned off)
            told = await (await started.new_browser_cdp_session()).send("Target.getTargets", {"filter": [{}]})
            await started.close()
        return [str(target["url"]) for target in told["targetInfos"]]

    assert not [url for url in asyncio.run(pages()) if url.startswith("chrome")]
