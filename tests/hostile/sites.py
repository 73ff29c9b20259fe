"""Every hostile site: what its pages do beyond the ordinary. How they are served is in server.py.

Each function makes a fresh Site; its name is the case's id in truth.yaml.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from aiohttp import web

from .pages import GREETING, HELP, NOBODY, PERSON, chat, html

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
MEGABYTE = 1024 * 1024


@dataclass
class Site:
    """`head` stands on every page, `help` and `chat` are bodies, `answers` what the bot says turn by turn (the last one
    for ever), `routes` what is not ordinary. `raw` answers on the bare connection instead of all that; `listens` False:
    nobody does."""

    head: str = ""
    help: str = HELP
    chat: str = field(default_factory=chat)
    answers: tuple[str, ...] = (PERSON,)
    routes: dict[str, Handler] = field(default_factory=dict)
    raw: bytes | None = None
    listens: bool = True
    received: list[str] = field(default_factory=list)


def plain() -> Site:
    return Site()


# ---- opening


def unresolved() -> Site:
    return Site(routes={"/": _redirect("http://no-such-name.invalid/")})


def refuses() -> Site:
    return Site(listens=False)


def hangs() -> Site:
    return Site(routes={"/": _never})


def garbage() -> Site:
    return Site(raw=bytes(range(256)) * 40)


def redirects() -> Site:
    async def on(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(f"/?{int(request.query_string or 0) + 1}")

    return Site(routes={"/": on})


def error500() -> Site:
    return Site(routes={"/": _status(500)})


def forbidden() -> Site:
    return Site(routes={"/": _status(403)})


def captcha() -> Site:
    return Site(help="<h1>Just a moment</h1><p>Please verify that you are not a robot to continue.</p>")


def download() -> Site:
    return Site(routes={"/": _file})


# ---- bodies


def endless() -> Site:
    return Site(routes={"/": _drip(html(NOBODY).removesuffix("</body></html>"))})


def endless_chat() -> Site:
    return Site(routes={"/": _drip(html(HELP).removesuffix("</body></html>"))})


def cut() -> Site:
    body = html(NOBODY).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body) * 3}\r\n\r\n"
    return Site(raw=head.encode() + body)


def huge() -> Site:
    async def on(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "text/html; charset=utf-8"})
        await answer.prepare(request)
        await answer.write(html(NOBODY).encode())
        line = b"<p>" + b"tumbleweed " * 1000 + b"</p>\n"
        piece = line * (MEGABYTE // len(line))
        try:
            for _ in range(200):
                await answer.write(piece)
        except ConnectionError:
            pass  # the visitor had enough
        return answer

    return Site(routes={"/": on})


def bomb() -> Site:
    async def on(_request: web.Request) -> web.StreamResponse:
        packed = await asyncio.to_thread(_packed, html(NOBODY).encode(), 512)
        return web.Response(body=packed, headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})

    return Site(routes={"/": on})


def script_hangs() -> Site:
    return Site(head='<script src="/never.js"></script>', routes={"/never.js": _never})


def style_hangs() -> Site:
    return Site(head='<link rel="stylesheet" href="/never.css">', routes={"/never.css": _never})


def encodings() -> Site:
    odd = r"String.fromCharCode(0xd800, 0x41, 0xdc00, 0, 7, 0xfffe, 0xfeff)"
    way = f"<script>document.getElementById('way').append({odd}); document.title = {odd};</script>"

    async def on(_request: web.Request) -> web.StreamResponse:
        body = html(HELP + way).encode().replace(b"Still stuck?", b"Still stuck? \xff\xfe\xc3\x28\xed\xa0\x80\xf8")
        return web.Response(body=body, headers={"Content-Type": "text/html; charset=utf-8"})

    return Site(
        routes={"/": on},
        chat=chat(after=f"el.append({odd});", history=GREETING + f"<script>log.append({odd})</script>"),
    )


# ---- scripts that take the page


def spin_now() -> Site:
    return Site(head="<script>while (1);</script>")


def spin_press() -> Site:
    return Site(help=HELP + "<script>way.onclick = () => { while (1); }</script>")


def spin_talk() -> Site:
    return Site(chat=chat(before="while (1);"))


def memory() -> Site:
    return Site(
        # Bounded, so that a test that fails does not take the machine with it.
        head="<script>const held = []; while (held.length < 96) held.push(new Uint8Array(6.4e7).fill(held.length + 1));"
        "</script>"
    )


def reload() -> Site:
    return Site(head="<script>location.reload()</script>")


def alert_loop() -> Site:
    return Site(head="<script>for (;;) alert('again');</script>")


def alert_storm() -> Site:
    return Site(help=HELP + "<script>setInterval(() => alert('again'), 50)</script>")


def popup_storm() -> Site:
    return Site(
        help=HELP + "<script>setInterval(() => window.open('/empty'), 100)</script>", routes={"/empty": _page("Hello.")}
    )


def popup_press() -> Site:
    return Site(
        help=HELP + "<script>way.onclick = (e) => { e.preventDefault(); for (let i = 0; i < 20; i++) open('/empty'); }"
        "</script>",
        routes={"/empty": _page("")},
    )


def download_storm() -> Site:
    return Site(
        head="<script>setInterval(() => { const a = document.createElement('a'); a.href = '/file'; a.download = 'f'; "
        "a.click(); }, 100)</script>",
        routes={"/file": _file},
    )


def console() -> Site:
    return Site(
        head="<script>setInterval(() => { for (let i = 0; i < 100; i++) console.log('line', i, {i}); }, 50)</script>"
    )


def leave_trap() -> Site:
    return Site(
        help=HELP + "<script>addEventListener('beforeunload', (e) => { e.preventDefault(); e.returnValue = 'no'; })"
        "</script>"
    )


# ---- scripts that go for the measuring


def primordials() -> Site:
    return Site(
        head="""<script>
const broken = () => { throw new Error('broken') };
for (const name of ['push', 'map', 'filter', 'forEach', 'slice', 'some', 'join', 'includes', Symbol.iterator])
  Array.prototype[name] = broken;
Object.defineProperty(Object.prototype, 'toJSON', { value: () => 'gone', configurable: true });
JSON.stringify = JSON.parse = broken;
String.prototype.trim = String.prototype.replace = String.prototype.split = broken;
EventTarget.prototype.addEventListener = broken;
Element.prototype.getBoundingClientRect = Element.prototype.matches = Element.prototype.closest = broken;
window.getComputedStyle = window.setTimeout = window.MutationObserver = Map.prototype.get = Map.prototype.set = broken;
</script>""",
        chat=_frugal_chat(),  # the site's own script must live with what it did
    )


def liar() -> Site:
    return Site(
        head="""<script>
const nothing = () => [];
for (const name of ['map', 'filter', 'slice', 'concat', 'splice']) Array.prototype[name] = nothing;
Document.prototype.querySelectorAll = Element.prototype.querySelectorAll = nothing;
Element.prototype.getBoundingClientRect = () => new DOMRect(0, 0, 0, 0);
window.getComputedStyle = () => ({ display: 'none', visibility: 'hidden', opacity: '0' });
JSON.stringify = () => '{}';
JSON.parse = () => ({});
</script>""",
        chat=_frugal_chat(),
    )


def unbound() -> Site:
    return Site(
        head="<script>for (const name of Object.getOwnPropertyNames(window)) if (/tohuman|playwright|pw_/i.test(name)) "
        "{ try { delete window[name]; window[name] = undefined; } catch (e) { /* it may refuse */ } }</script>"
    )


def forger() -> Site:
    return Site(
        head="""<script>setInterval(() => {
  const made_up = { type: 'gesture', payload: { phase: 'done', id: 'g' + Math.random(), act: true, trusted: true,
    label: 'made up', role: 'button', place: 'outside' }, url: location.href, top: true };
  for (const name of ['__tohuman_emit'])
    for (const junk of ['junk', '{}', 7, null, 'x'.repeat(1e4), made_up])
      try { window[name](junk); } catch (e) { /* it may refuse */ }
  try { window.__tohuman.emit('gesture', made_up.payload); } catch (e) { /* it may refuse */ }
}, 200)</script>"""
    )


def spoof() -> Site:
    escape = "\u202eevil\u202c \u2066x\u2069 \x1b[2J\x1b[31mred\x07 &lt;img src=x onerror=alert(1)&gt;"
    person = PERSON.replace("Tumbleweed", "Tumbleweed \u202eknalb\u202c \x1b]0;owned\x07 <b onclick=alert(1)>bold</b>")
    return Site(help=f"<h1>{escape}</h1>" + HELP.replace("Chat with us", f"Chat with us {escape}"), answers=(person,))


# ---- size and shape


def links() -> Site:
    return Site(help=NOBODY + _many_links(10_000))


def links_chat() -> Site:
    return Site(help=NOBODY + _many_links(9_999) + '<p><a href="/chat">Chat with us</a></p>')


def nested() -> Site:
    return Site(
        help=HELP + "<script>let at = document.body; for (let i = 0; i < 5000; i++) "
        "at = at.appendChild(document.createElement('div')); at.textContent = 'The bottom.';</script>"
    )


def frames() -> Site:
    async def on(request: web.Request) -> web.StreamResponse:
        depth = int(request.query_string or 1)
        inner = f'<iframe src="/deeper?{depth + 1}" width="300" height="120"></iframe>' * 2 if depth < 6 else ""
        return web.Response(text=html(f"<p>Depth {depth}.</p>{inner}"), content_type="text/html")

    return Site(help=HELP + '<iframe src="/deeper" width="400" height="200"></iframe>' * 2, routes={"/deeper": on})


# ---- conversations


def history() -> Site:
    said = "".join(f'<div class="b">Earlier message {n}.</div>' for n in range(9_999))
    return Site(chat=chat(history=said + GREETING))


def long() -> Site:
    return Site(answers=("Let me tell you about our parcels. " * (5 * MEGABYTE // 35), PERSON))


def ticker() -> Site:
    tick = (
        "if (asked.turn === 1) { let i = 0; setInterval(() => { "
        "el.textContent = 'Let me look at that for you, parcel ' + (++i) + ' of many.'; }, 20); }"
    )
    return Site(chat=chat(after=tick), answers=("Let me look at that for you.", PERSON))


def busy() -> Site:
    return Site(chat=chat(after=_busy(36, 0.7)), answers=("Let me look at that for you.", PERSON))


def busy_send() -> Site:
    return Site(chat=chat(after=_busy(36, 0)), answers=("Let me look at that for you.", PERSON))


def reloading() -> Site:
    """The frame asks the server for all that was said, each time it is loaded."""
    said: list[str] = [GREETING]

    async def frame(_request: web.Request) -> web.StreamResponse:
        body = chat(after="location.reload();", history="".join(said))
        return web.Response(text=html(body), content_type="text/html")

    async def say(_request: web.Request) -> web.StreamResponse:
        said.append('<div class="b me">May I speak to a person, please?</div>')
        said.extend(f'<div class="b">{line}</div>' for line in PERSON.split("\n"))
        return web.Response(text="…")

    return Site(
        chat='<h1>Chat</h1><iframe title="Chat" src="/frame" width="600" height="500"></iframe>',
        routes={"/frame": frame, "/say": say},
    )


def vanishing() -> Site:
    return Site(chat=chat() + "<script>box.onfocus = () => box.remove();</script>")


SITES: dict[str, Callable[[], Site]] = {
    made.__name__: made
    for made in (
        plain, unresolved, refuses, hangs, garbage, redirects, error500, forbidden, captcha, download,
        endless, endless_chat, cut, huge, bomb, script_hangs, style_hangs, encodings,
        spin_now, spin_press, spin_talk, memory, reload, alert_loop, alert_storm, popup_storm, popup_press,
        download_storm, console, leave_trap, primordials, liar, unbound, forger, spoof,
        links, links_chat, nested, frames, history, long, ticker, busy, busy_send, reloading, vanishing,
    )
}  # fmt: skip


# ---- parts


def _many_links(count: int) -> str:
    return "<ul>" + "".join(_links(count)) + "</ul>"


def _links(count: int) -> Iterator[str]:
    for n in range(count):
        yield f'<li><a href="/article?{n}">Parcel rule number {n}</a></li>'


def _busy(seconds: float, after: float) -> str:
    spin = f"const since = Date.now(); while (Date.now() - since < {seconds * 1000});"
    return f"if (asked.turn === 1) setTimeout(() => {{ {spin} }}, {after * 1000});"


def _frugal_chat() -> str:
    """The chat without any of what `primordials` broke: no iterators, no splitting, no awaiting."""
    return (
        """<h1>Chat</h1>
<style>#log{height:320px;overflow:auto} .b{background:#eee;border-radius:8px;padding:8px;margin:6px;width:60%}
.me{background:#cdf;margin-left:35%}</style>
<div id="log" role="log" aria-label="Conversation">"""
        + GREETING
        + """</div>
<form id="say"><input id="box" type="text" aria-label="Write a message" autocomplete="off"><button>Send</button></form>
<script>
document.getElementById('say').onsubmit = function (e) {
  e.preventDefault();
  var log = document.getElementById('log'), box = document.getElementById('box'), text = box.value;
  if (!text) return;
  box.value = '';
  var add = function (words, cls) {
    var el = document.createElement('div'); el.className = cls; el.textContent = words; log.appendChild(el);
  };
  add(text, 'b me');
  var ask = new XMLHttpRequest();
  ask.open('POST', '/say');
  ask.onload = function () {
    var left = ask.responseText, at;
    while ((at = left.indexOf('\\n')) >= 0) { add(left.substring(0, at), 'b'); left = left.substring(at + 1); }
    add(left, 'b');
  };
  ask.send('1');
};
</script>"""
    )


@cache
def _packed(begin: bytes, megabytes: int) -> bytes:
    """One gzip member that begins like this and unpacks to so much."""
    packer = zlib.compressobj(level=1, wbits=31)
    line = b"<p>" + b"tumbleweed " * 1000 + b"</p>\n"
    piece = line * (MEGABYTE // len(line))
    return b"".join([packer.compress(begin), *(packer.compress(piece) for _ in range(megabytes)), packer.flush()])


def _page(body: str) -> Handler:
    async def on(_request: web.Request) -> web.StreamResponse:
        return web.Response(text=html(body), content_type="text/html")

    return on


def _redirect(url: str) -> Handler:
    async def on(_request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(url)

    return on


def _status(code: int) -> Handler:
    async def on(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=code, text=html("<h1>Sorry</h1>"), content_type="text/html")

    return on


async def _never(_request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise web.HTTPGone


async def _file(_request: web.Request) -> web.StreamResponse:
    headers = {"Content-Disposition": 'attachment; filename="f.bin"', "Content-Type": "application/octet-stream"}
    return web.Response(body=b"\0" * 4096, headers=headers)


def _drip(begin: str) -> Handler:
    """A body that begins like this and goes on for ever."""

    async def on(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "text/html; charset=utf-8"})
        await answer.prepare(request)
        await answer.write(begin.encode())
        try:
            while True:
                await answer.write(b"<p>And there is more to come.</p>")
                await asyncio.sleep(0.05)
        except ConnectionError:  # the visitor had enough
            return answer

    return on
