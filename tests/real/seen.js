// The site's own listener, as a shop's web analytics would have it: one line per control pressed by a person.
// It knows nothing of the program that is measured; `where` tells the chat's inside from the rest of the page.
(() => {
  // A chat server on another port loads this very file: what is seen is told to where it came from.
  const HOME = new URL(document.currentScript.src).origin;
  // The last two: vue-beautiful-chat makes its launcher and its cross of bare elements.
  const CONTROL = "a[href], button, summary, [role=button], [role=tab], [role=menuitem], input[type=submit], label[for], " +
    ".sc-launcher, .sc-header--close-button";
  // What is the conversation in vue-beautiful-chat, chainlit and gradio, whose mark-up is not ours to mark.
  const INSIDE = "[data-seen=conversation], .sc-message-list, .sc-suggestions-row, .sc-user-input, " +
    "[data-step-type], #message-composer, gradio-app";
  const OVERLAY = "[data-md-component=consent], [data-seen=overlay]";

  const words = (element) =>
    (element.getAttribute("aria-label") || element.innerText || element.title || element.value || element.tagName)
      .trim().replace(/\s+/g, " ").slice(0, 80);

  addEventListener("click", (event) => {
    if (!event.isTrusted) return;
    const path = event.composedPath().filter((node) => node instanceof Element);
    const control = path.find((element) => element.matches(CONTROL));
    if (!control) return;
    // A label's press arrives a second time at the field it belongs to: the label alone is told.
    const inside = path.some((element) => element.matches(INSIDE));
    const overlay = path.some((element) => element.matches(OVERLAY));
    tell({ id: crypto.randomUUID(), kind: overlay ? "obstacle" : "press", what: words(control), where: inside ? "chat" : "page" });
  }, { capture: true });

  // A browser may lose what a page sends while it is being left: the next page tells again what got no answer.
  const KEY = "site-seen";
  const untold = () => JSON.parse(sessionStorage.getItem(KEY) || "[]");
  const keep = (notes) => sessionStorage.setItem(KEY, JSON.stringify(notes));

  const send = (note) =>
    fetch(`${HOME}/site/seen`, { method: "POST", body: JSON.stringify(note), keepalive: true, mode: "no-cors" })
      .then(() => keep(untold().filter((other) => other.id !== note.id)), () => {});

  function tell(note) {
    keep([...untold(), note]);
    send(note);
  }

  untold().forEach(send);
})();
