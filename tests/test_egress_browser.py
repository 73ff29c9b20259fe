"""A real browser behind the guard: redirects, sub-resources, WebSockets and workers stay on this machine."""

from __future__ import annotations

import asyncio

from aiohttp import WSMsgType, web

from tohuman.runners.browser import context_options, find, launch_options
from tohuman.runners.egress import Guard

PAGE = """<!doctype html><title>site</title><script>
window.found = {};
const note = (name, work) => work.then(v => found[name] = v, () => found[name] = "failed");
const socket = url => new Promise((ok, no) => {
  const s = new WebSocket(url);
  s.onmessage = e => ok(e.data); s.onerror = () => no(); s.onopen = () => s.send("hello"); });
note("own", fetch("/own").then(r => r.text()));
note("private", fetch("http://10.255.255.1:81/", {mode: "no-cors"}));
note("redirected", fetch("/away", {mode: "no-cors"}));
note("name", fetch("http://support.example/", {mode: "no-cors"}));
note("socket", socket(`ws://${location.host}/ws`));
note("far_socket", socket("ws://10.255.255.2:82/"));
const code = 'fetch("http://10.255.255.3:83/",{mode:"no-cors"}).then(()=>postMessage("reached"),()=>postMessage("failed"))';
note("worker", new Promise(ok => new Worker(URL.createObjectURL(new Blob([code]))).onmessage = e => ok(e.data)));
</script>"""


async def _socket(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        if message.type is WSMsgType.TEXT:
            await socket.send_str(f"you said {message.data}")
    return socket


async def _page(request: web.Request) -> web.Response:
    return web.Response(text=PAGE, content_type="text/html")


async def _own(request: web.Request) -> web.Response:
    return web.Response(text="own")


async def _away(request: web.Request) -> web.Response:
    raise web.HTTPFound("http://10.255.255.4:84/inside")


async def _walk() -> tuple[dict[str, str], str, set[tuple[str, int]]]:
    from playwright.async_api import Error, async_playwright

    app = web.Application()
    app.router.add_get("/", _page)
    app.router.add_get("/own", _own)
    app.router.add_get("/away", _away)
    app.router.add_get("/ws", _socket)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    found = find()
    async with Guard() as guard, async_playwright() as driver:
        browser = await driver.chromium.launch(**launch_options(found, proxy=guard.proxy))
        try:
            context = await browser.new_context(**context_options("en-GB", "mobile", "Europe/London", found.version))
            page = await context.new_page()
            await page.goto(f"http://localhost:{port}/")
            await page.wait_for_function("Object.keys(found).length === 7", timeout=20_000)
            results = await page.evaluate("found")
            results["touch"] = await page.evaluate(
                "[navigator.maxTouchPoints > 0, navigator.language, screen.width].join()"
            )
            try:
                await page.goto(f"http://localhost:{port}/away", timeout=10_000)
            except Error as error:  # some versions show the refusal's page, others call it a failed navigation
                results["navigation"] = str(error).splitlines()[0]
            shown = await page.inner_text("body")
        finally:
            await browser.close()
        await runner.cleanup()
        return results, shown, {(refusal.host, refusal.port) for refusal in guard.refusals}


def test_nothing_a_page_does_leaves_this_machine() -> None:
    results, shown, refused = asyncio.run(asyncio.wait_for(_walk(), 90))
    assert results["own"] == "own"
    assert results["socket"] == "you said hello"
    assert results["far_socket"] == "failed"
    assert results["touch"] == "true,en-GB,412"
    assert "inside" not in shown
    # no-cors hides the guard's 403 from the page; that it was refused on the wire is what counts.
    assert {("10.255.255.1", 81), ("10.255.255.2", 82), ("10.255.255.3", 83), ("10.255.255.4", 84)} <= refused
    assert ("support.example", 80) in refused
