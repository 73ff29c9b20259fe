"""The ordinary parts of a hostile site, nothing hostile in them: a help page, a chat page, a bot that hands over."""

from __future__ import annotations

HELP = """<h1>Tumbleweed help centre</h1>
<ul><li><a href="/article">Change the address of an order</a></li>
<li><a href="/article">Where is my parcel</a></li></ul>
<p>Still stuck? <a id="way" href="/chat">Chat with us</a></p>"""

#: The same with nobody to talk to.
NOBODY = """<h1>Tumbleweed help centre</h1>
<ul><li><a href="/article">Change the address of an order</a></li>
<li><a href="/article">Where is my parcel</a></li></ul>"""

ARTICLE = "<h1>An article</h1><p>Parcels take three to five days. Addresses can be changed until noon.</p>"

CHAT = """<h1>Chat</h1>
<style>#log{height:320px;overflow:auto;border:1px solid #999}
.b{background:#eee;border-radius:8px;padding:8px;margin:6px;width:60%} .me{background:#cdf;margin-left:35%}</style>
<div id="log" role="log" aria-label="Conversation">@history@</div>
<form id="say"><input id="box" type="text" aria-label="Write a message" autocomplete="off"><button>Send</button></form>
<script>
(() => {
  const log = document.getElementById('log'), box = document.getElementById('box');
  const post = window.fetch.bind(window), asked = { turn: 0 };
  const bubble = (text, cls) => {
    const el = document.createElement('div');
    el.className = cls; el.textContent = text; log.append(el); log.scrollTop = 1e9;
    return el;
  };
  document.getElementById('say').onsubmit = async (e) => {
    e.preventDefault();
    const text = box.value; if (!text) return;
    box.value = ''; bubble(text, 'b me');
    @before@
    const answer = await (await post('/say', { method: 'POST', body: String(++asked.turn) })).text();
    for (const line of answer.split('\\n')) { const el = bubble(line, 'b'); @after@ }
  };
})();
</script>"""

GREETING = '<div class="b">Hello! I am the Tumbleweed assistant, a bot. Ask me anything.</div>'
PERSON = "I am connecting you to a colleague now.\nDana has joined the chat.\nHello, this is Dana from Tumbleweed."


def html(body: str, head: str = "") -> str:
    """A whole page."""
    start = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tumbleweed</title>{head}</head>'
    return f"{start}<body>{body}</body></html>"


def chat(before: str = "", after: str = "", history: str = GREETING) -> str:
    """The chat's body. `before` runs when a message is sent, `after` for each answered line (`el`, `asked.turn`)."""
    return CHAT.replace("@history@", history).replace("@before@", before).replace("@after@", after)
