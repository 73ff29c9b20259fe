"""What lies over, above or in place of a conversation: bars, dialogs, cards, consents, suggestions, search fields."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_explore_sites import CHAT, JOIN, OFFER, chat, counted, explored, links, page, steps
from test_walk_sites import walked

#: The same chat whose box stands in a bar fixed at the foot of a page that scrolls as a whole.
BAR = """<div id="log"></div><div style="height:90px"></div>
<footer style="position:fixed;left:0;right:0;bottom:0;height:80px;background:#fff"><form id="f">
<input aria-label="Your question" id="i"><button>Send</button></form></footer>"""
BARRED = BAR + CHAT[CHAT.index("<script>") :].replace("document.getElementById('box').hidden = false;", "")
#: A dialog that tells by no role what it is, over a log that can not be scrolled meanwhile.
DIALOG = """<script>
const asks = () => {
  const veil = document.createElement('div'), box = document.createElement('div');
  veil.style.cssText = 'position:absolute;inset:0;background:rgba(0,0,0,.4);z-index:900';
  box.style.cssText = 'position:absolute;left:35%;top:40%;width:320px;height:150px;background:#fff;z-index:901';
  box.innerHTML = '<b>Connect to an agent?</b><p>This chat is kept for 30 days.</p><div><span>Cancel</span> &nbsp; ' +
    '<span>Connect</span></div>';
  document.body.append(veil, box);
  document.getElementById('log').style.overflow = 'hidden';
  const [no, yes] = box.querySelectorAll('span');
  const shut = () => { veil.remove(); box.remove(); };
  no.addEventListener('click', shut);
  yes.addEventListener('click', () => { shut(); JOINS.forEach((t, n) => setTimeout(put, t[0], 'bot', t[1])); });
};
document.getElementById('f').addEventListener('submit', () => setTimeout(asks, 200));
</script>"""
#: A card in the log that wants to know who one is, behind the request for a person; its button says nothing of a chat.
CARD = """<script>
document.getElementById('f').addEventListener('submit', () => {
  if (document.getElementById('who')) return;
  setTimeout(put, 200, 'bot', 'Sure. Before I put you through, I just need a couple of details.');
  setTimeout(() => {
    const card = document.createElement('div');
    card.id = 'who';
    card.innerHTML = '<label>First name <input required></label><label>E-mail <input type="email" required></label>' +
      '<button type="button">Continue</button>';
    document.getElementById('log').append(card);
    card.querySelector('button').addEventListener('click', () => {
      if (![...card.querySelectorAll('input')].every((x) => x.value)) return;
      card.remove();
      put('me', 'Done');
      JOINS.forEach((t, n) => setTimeout(put, t[0], 'bot', t[1]));
    });
  }, 400);
});
</script>"""
#: Answers above the box that come with a question of unknown words.
CONSENT = """<div id="strip" style="position:fixed;right:20px;bottom:70px"></div><script>
const strip = document.getElementById('strip');
document.getElementById('f').before(strip);
strip.style.position = 'static';
document.getElementById('f').addEventListener('submit', () => setTimeout(() => {
  put('bot', 'Chats of this kind go into our archive. Is this fine by you?');
  for (const word of ['I agree', 'Cancel']) {
    const b = document.createElement('button');
    b.type = 'button';
    b.textContent = word;
    b.addEventListener('click', () => {
      strip.replaceChildren();
      put('me', word);
      if (word === 'I agree') JOINS.forEach((t, n) => setTimeout(put, t[0], 'bot', t[1]));
    });
    strip.append(b);
  }
}, 250));
</script>"""
#: A dialog that asks what it is about before anybody is fetched, over the conversation.
TEAMS = """<script>
const teams = () => {
  const box = document.createElement('div');
  box.setAttribute('role', 'dialog');
  box.setAttribute('aria-modal', 'true');
  box.style.cssText = 'position:fixed;inset:0;background:rgba(255,255,255,.95);z-index:99';
  box.innerHTML = '<h3>Please choose a topic</h3>' + ['Orders', 'Returns', 'Something else', 'Cancel']
    .map((t) => '<p><button type="button">' + t + '</button></p>').join('');
  document.body.append(box);
  for (const b of box.querySelectorAll('button')) b.addEventListener('click', () => {
    box.remove();
    if (b.textContent !== 'Cancel') JOINS.forEach((t, n) => setTimeout(put, t[0], 'bot', t[1]));
  });
};
document.getElementById('f').addEventListener('submit', () => {
  setTimeout(put, 200, 'bot', 'So that I can connect you with the right agent, please choose a topic.');
  setTimeout(teams, 400);
});
</script>"""
#: A card that would tell one by e-mail, beside a transfer that waits for nothing; its label is tied to nothing.
NOTIFY = """<script>
document.getElementById('f').addEventListener('submit', () => setTimeout(() => {
  const card = document.createElement('div');
  card.innerHTML = '<label>Tell me by e-mail (optional)</label><div><input type="email" placeholder="me@example.org">' +
    '<button type="button" aria-label="Submit e-mail">›</button></div>';
  document.getElementById('log').append(card);
}, 250));
</script>"""
#: A wait told in one bubble, the question whether to be connected in the next.
WAITS = """<script>
document.getElementById('f').addEventListener('submit', () => {
  setTimeout(put, 150, 'bot', 'The estimated wait time for an agent is about 5 minutes.');
  setTimeout(() => {
    put('bot', 'Shall I connect you with an agent?');
    const strip = document.createElement('div');
    for (const word of ['Yes, connect me', 'No, thanks']) {
      const b = document.createElement('button');
      b.type = 'button';
      b.textContent = word;
      b.addEventListener('click', () => {
        strip.remove();
        put('me', word);
        if (word[0] === 'Y') JOINS.forEach((t, n) => setTimeout(put, t[0], 'bot', t[1]));
      });
      strip.append(b);
    }
    document.getElementById('log').lastElementChild.append(strip);
  }, 400);
});
</script>"""
#: Questions to press below the greeting; none of them is «other».
SUGGESTED = """<script>
const shows = () => {
  const card = document.createElement('div');
  card.innerHTML = '<b>Popular questions</b>' + ['How do I pay?', 'Where is my parcel?', 'Can I return it?']
    .map((q) => '<button type="button" style="display:block">' + q + '</button>').join('');
  document.getElementById('log').append(card);
  for (const b of card.querySelectorAll('button')) b.addEventListener('click', () => {
    put('me', b.textContent);
    setTimeout(put, 200, 'bot', 'That is told in your account.');
  });
};
for (const b of document.querySelectorAll('[data-chat]')) b.addEventListener('click', shows);
</script>"""
SEARCH = """<h2>Hello, how can we help?</h2><div><input placeholder="Ask the question you are searching for">
<button type="button" onclick="location = '/found'">Search</button></div>"""
OPEN = "<button data-chat>Live chat</button>"
JOINS = str([list(one) for one in JOIN])


def joins(script: str) -> str:
    return script.replace("JOINS", JOINS)


@pytest.mark.parametrize(
    ("pages", "counts"),
    [
        ({"/": page(links(("/chat", "Live chat"))), "/chat": page("", "Chat", BARRED.replace("REPLY", JOINS))},
         ("human", 1, 1, 0, 0)),
        ({"/": page(OPEN, after=chat([]) + joins(DIALOG))}, ("human", 2, 1, 0, 0)),
        ({"/": page(OPEN, after=chat([]) + joins(CARD))}, ("human", 1, 2, 2, 0)),
        ({"/": page(OPEN, after=chat([]) + joins(CONSENT))}, ("human", 1, 2, 0, 0)),
        ({"/": page(OPEN, after=chat() + SUGGESTED)}, ("human", 1, 1, 0, 0)),
        ({"/": page(SEARCH + links(("/contact", "Contact us"))), "/contact": page(OPEN, "Contact", chat())},
         ("human", 2, 1, 0, 0)),
        ({"/": page(OPEN, after=chat([(150, "I am passing you on to an agent. Just a moment, okay?"), *JOIN[1:]]))},
         ("human", 1, 1, 0, 0)),
        ({"/": page(OPEN, after=chat([]) + joins(TEAMS))}, ("human", 2, 1, 0, 0)),
        ({"/": page(OPEN, after=chat() + NOTIFY)}, ("human", 1, 1, 0, 0)),
        ({"/": page(OPEN, after=chat([]) + joins(WAITS))}, ("human", 1, 2, 0, 0)),
    ],
    ids=[
        "the log of a bar fixed at the foot is the page above it",
        "a dialog without a role asks whether to connect",
        "a card that asks who one is comes before the person",
        "what is asked above the box is agreed to",
        "suggested questions are no categories",
        "a field that looks something up takes no messages",
        "a tag is no question",
        "a dialog asks what it is about",
        "a card that would tell one by e-mail holds nobody up",
        "a wait told before one is asked whether to wait",
    ],
)  # fmt: skip
def test_what_stands_around_a_conversation(
    pages: dict[str, str], counts: tuple[str, int, int, int, int], tmp_path: Path
) -> None:
    m = walked(pages, tmp_path)
    assert (str(m.outcome), m.clicks, m.turns, m.fields, m.obstacle_clicks) == counts


def test_the_search_agrees_to_a_dialog_and_fills_the_card(tmp_path: Path) -> None:
    for n, (script, found) in enumerate(((DIALOG, ("human", 2, 1)), (CARD, ("human", 1, 2)))):
        pages = {"/": page(OPEN, after=chat([]) + joins(script))}
        exploration, _ = explored(lambda path, pages=pages: pages.get(path), tmp_path / str(n))  # type: ignore[misc]
        with counted(exploration) as figures:
            assert figures == found, steps(exploration)


def test_a_sentence_that_asks_first_is_no_transfer(tmp_path: Path) -> None:
    reply = [(150, "I'll get you to an agent. Tell me first in a few words what happened?"), (9000, OFFER[1])]
    m = walked({"/": page(OPEN, after=chat(reply))}, tmp_path)
    assert m.turns > 1


def test_a_menu_the_walk_opened_is_no_obstacle_whatever_it_praises(tmp_path: Path) -> None:
    menu = """<div id="menu" style="display:none;position:fixed;inset:0;background:rgba(0,0,0,.5);z-index:30"><nav
style="position:absolute;right:0;top:0;bottom:0;width:420px;background:#fff"><button id="shut">Close ✕</button>
<p><a href="/fares">Fares</a></p><p><a href="/help">Help and contact</a></p><p><a href="/app">Get the app</a></p></nav>
</div><script>
const menu = document.getElementById('menu');
document.getElementById('open').addEventListener('click', () => menu.style.display = 'block');
document.getElementById('shut').addEventListener('click', () => menu.style.display = 'none');
</script>"""
    home = page('<button id="open" aria-expanded="false" aria-controls="menu">Menu</button>' + menu, title="Trains")
    m = walked({"/": home, "/help": page(OPEN, after=chat())}, tmp_path)
    assert (str(m.outcome), m.clicks, m.turns, m.obstacle_clicks) == ("human", 3, 1, 0)
