"""Which browser is driven and how it is started: discovery, launch options, context options. Opens no page of a site.

`python -m tohuman.runners.browser` prints the browser found; with `--check` it also starts it once.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tohuman.runners.errors import BrowserMissing, SandboxRefused, TohumanError

Device = Literal["desktop", "mobile"]

INSTALL = (
    "run: python -m playwright install --with-deps chromium "
    "(or install Chromium, Chrome or Edge, or name one in TOHUMAN_BROWSER)"
)

#: What the browser must not do on its own: fetch, update, report, prompt. A walk sends only what its page sends.
QUIET = (
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-notifications",
    "--disable-print-preview",
    "--disable-quic",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--deny-permission-prompts",
    "--metrics-recording-only",
    "--mute-audio",
    "--use-mock-keychain",
    # UDP would go around the guard's proxy.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
)
#: Chromium obeys the last list of features to turn off and no other, so Playwright's own (of the pinned version) is
#: said again here. The last two keep a hidden page of the address bar ready in every new window: for each visitor more
#: than a second of one core and 150 MB, for nothing that a walk could see.
FEATURES_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "msForceBrowserSignIn",
    "msEdgeUpdateLaunchServicesPreferredVersion",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
)
_LINUX = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge")
_MAC = (
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS = (
    "Chromium/Application/chrome.exe",
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
#: Where a downloaded Chromium keeps its executable, in Playwright's present and former layouts.
_DOWNLOADED = (
    "chrome-linux*/chrome",
    "chrome-win*/chrome.exe",
    "chrome-mac*/*.app/Contents/MacOS/*",
    "chrome-headless-shell-*/chrome-headless-shell*",
    "chrome-linux/headless_shell",
)
#: What Linux says when the sandbox's user namespaces are not to be had.
KERNEL = Path("/proc/sys")
_DENIALS = (
    ("kernel/apparmor_restrict_unprivileged_userns", "1"),
    ("kernel/unprivileged_userns_clone", "0"),
    ("user/max_user_namespaces", "0"),
)
_VERSION_SECONDS = 15.0
_START_SECONDS = 45.0
DESKTOP = {"width": 1366, "height": 768}


@dataclass(frozen=True)
class Found:
    """A browser to drive. `origin`: setting, playwright or system; `version` is '' where it cannot be asked."""

    executable: str
    channel: str
    version: str
    origin: Literal["setting", "playwright", "system"]

    def __str__(self) -> str:
        return f"{self.channel} {self.version or '(version unknown)'} at {self.executable} ({self.origin})"


def find(environ: Mapping[str, str] | None = None, platform: str = sys.platform) -> Found:
    """TOHUMAN_BROWSER, else Playwright's own download, else the system's Chromium, Chrome or Edge. BrowserMissing."""
    env = os.environ if environ is None else environ
    named = env.get("TOHUMAN_BROWSER", "")
    if named:
        path = shutil.which(named, path=env.get("PATH"))
        if path is None:
            raise BrowserMissing("TOHUMAN_BROWSER names no program that can be run", where=named, do=INSTALL)
        return Found(path, channel(path), version(path, platform), "setting")
    for path in _downloaded(env, platform):
        return Found(path, channel(path), version(path, platform), "playwright")
    for there in _installed(env, platform):
        return Found(there, channel(there), version(there, platform), "system")
    raise BrowserMissing("No browser was found on this machine", do=INSTALL)


def _downloaded(env: Mapping[str, str], platform: str) -> Iterator[str]:
    import playwright

    package = Path(playwright.__file__).parent / "driver" / "package"
    home = Path(env.get("HOME") or env.get("USERPROFILE") or Path.home())
    caches = {
        "darwin": home / "Library" / "Caches" / "ms-playwright",
        "win32": Path(env.get("LOCALAPPDATA") or home / "AppData" / "Local") / "ms-playwright",
    }
    cache = caches.get(platform) or Path(env.get("XDG_CACHE_HOME") or home / ".cache") / "ms-playwright"
    named = env.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if named:
        cache = package / ".local-browsers" if named == "0" else Path(named)
    try:
        listed = json.loads((package / "browsers.json").read_text(encoding="utf-8"))["browsers"]
        revisions = {entry["name"]: entry["revision"] for entry in listed}
    except (OSError, ValueError, KeyError):  # another layout of the driver: there is still the system's browser
        return
    for name in ("chromium", "chromium-headless-shell"):
        folder = cache / f"{name.replace('-', '_')}-{revisions.get(name, '')}"
        # An interrupted download has the folder but not the marker.
        if not (folder / "INSTALLATION_COMPLETE").exists():
            continue
        for pattern in _DOWNLOADED:
            yield from (str(path) for path in sorted(folder.glob(pattern)) if path.is_file() and os.access(path, 1))


def _installed(env: Mapping[str, str], platform: str) -> Iterator[str]:
    if platform == "darwin":
        for base in (Path("/Applications"), Path(env.get("HOME", "/")) / "Applications"):
            yield from (str(base / name) for name in _MAC if os.access(base / name, os.X_OK))
    elif platform == "win32":
        for variable in ("LOCALAPPDATA", "PROGRAMFILES", "PROGRAMFILES(X86)"):
            folder = env.get(variable)
            if folder:
                yield from (str(Path(folder) / name) for name in _WINDOWS if (Path(folder) / name).is_file())
    else:
        for name in _LINUX:
            there = shutil.which(name, path=env.get("PATH"))
            if there:
                yield there


def channel(path: str) -> str:
    name = Path(path).name.lower()
    return "msedge" if "edge" in name else "chromium" if "chromium" in name or "shell" in name else "chrome"


def version(path: str, platform: str = sys.platform) -> str:
    """What the program answers to --version, '' when it does not (on Windows it opens a window instead)."""
    if platform == "win32":
        numbered = [entry.name for entry in Path(path).parent.glob("*.*.*.*") if entry.is_dir()]
        return max(numbered, key=lambda text: [int(part) for part in re.findall(r"\d+", text)], default="")
    try:
        answer = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=_VERSION_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\d+(?:\.\d+){1,3}", answer.stdout)
    return found.group() if found else ""


def is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def sandboxed(environ: Mapping[str, str] | None = None, found: Found | None = None) -> tuple[bool, str]:
    """Whether the browser's sandbox will be on, and why not ('' when it is)."""
    env = os.environ if environ is None else environ
    if is_root():
        return False, "Chromium has no sandbox for root"
    if env.get("TOHUMAN_SANDBOX", "").lower() in ("0", "off", "no"):
        return False, "TOHUMAN_SANDBOX turns it off"
    denied = next((name for name, value in _DENIALS if _says(KERNEL / name, value)), "")
    # A browser of the system brings what it needs (a setuid helper, an AppArmor profile); a downloaded one does not.
    if denied and (found or find(env)).origin == "playwright":
        return False, f"this system denies user namespaces to programs of unknown origin ({denied})"
    return True, ""


def _says(path: Path, value: str) -> bool:
    try:
        return path.read_text(encoding="ascii").strip() == value
    except (OSError, UnicodeDecodeError):
        return False


def launch_options(
    found: Found | None = None,
    *,
    live: bool = False,
    proxy: Mapping[str, str] | None = None,
    headless: bool = True,
) -> dict[str, Any]:
    """Keyword arguments for `chromium.launch`. `live`: sites beyond this machine, refused without the sandbox."""
    found = found or find()
    on, why = sandboxed(found=found)
    if live and not on:
        raise SandboxRefused(
            "Live sites are not visited without the browser's sandbox", where=why, do="run as an ordinary user"
        )
    options: dict[str, Any] = {
        "executable_path": found.executable,
        "headless": headless,
        "chromium_sandbox": on,
        "args": [*QUIET, f"--disable-features={','.join(FEATURES_OFF)}"],
        "timeout": _START_SECONDS * 1000,
    }
    if proxy is not None:
        options["proxy"] = dict(proxy)
    return options


def context_options(
    locale: str, device: Device = "desktop", timezone: str = "UTC", browser_version: str = ""
) -> dict[str, Any]:
    """Keyword arguments for `browser.new_context`: nothing kept or granted, fixed size, language and time zone."""
    options: dict[str, Any] = {
        "locale": locale,
        "timezone_id": timezone,
        "viewport": dict(DESKTOP),
        "permissions": [],
        "service_workers": "block",
        "accept_downloads": False,
        "color_scheme": "light",
    }
    if device == "mobile":
        major = browser_version.split(".")[0] or "150"
        options |= {
            "viewport": {"width": 412, "height": 839},
            "screen": {"width": 412, "height": 915},
            "device_scale_factor": 2.625,
            "is_mobile": True,
            "has_touch": True,
            "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) "
            f"Chrome/{major}.0.0.0 Mobile Safari/537.36",
        }
    return options


async def check(found: Found) -> str:
    """Starts the browser once and draws an empty page; its version. BrowserMissing when it does not come up in time."""
    from playwright.async_api import Error, async_playwright

    async def start() -> str:
        async with async_playwright() as driver:
            browser = await driver.chromium.launch(**launch_options(found))
            try:
                page = await browser.new_page()
                await page.goto("about:blank")
                return browser.version
            finally:
                await browser.close()

    try:
        return await asyncio.wait_for(start(), _START_SECONDS + 15)
    except TimeoutError as error:
        raise BrowserMissing("The browser does not start in time", where=found.executable, do=INSTALL) from error
    except Error as error:
        text = str(error)
        if "sandbox" in text.lower() and sandboxed()[0]:
            raise BrowserMissing(
                "The browser's sandbox is not allowed on this machine",
                where=found.executable,
                do="allow unprivileged user namespaces, or set TOHUMAN_SANDBOX=off for sites of this machine",
            ) from error
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        telling = [line for line in lines if "error while loading" in line or "Failed" in line]
        why = (telling + lines + [""])[0]
        raise BrowserMissing(
            "The browser does not start", where=f"{found.executable}: {why[:200]}", do=INSTALL
        ) from error


def main(arguments: list[str]) -> int:
    try:
        found = find()
        if "--check" in arguments:
            asyncio.run(check(found))
    except TohumanError as error:
        print(error, file=sys.stderr)
        return int(error.exit)
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
