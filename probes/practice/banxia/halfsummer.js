// A small reactive kit: state in a proxy, a render function, redrawn in a microtask; inputs keep what was typed.
function component(host, initial, render) {
  let queued = false;
  const state = new Proxy(initial, { set(target, key, value) { target[key] = value; plan(); return true; } });
  function plan() { if (!queued) { queued = true; queueMicrotask(() => { queued = false; draw(); }); } }
  function draw() {
    const kept = host.querySelector('input');
    const held = kept ? { value: kept.value, focused: document.activeElement === kept } : null;
    host.innerHTML = render(state);
    const now = host.querySelector('input');
    if (held && now) { now.value = held.value; if (held.focused) now.focus(); }
    const list = host.querySelector('.hs-list');
    if (list) list.scrollTop = list.scrollHeight;
  }
  draw();
  return state;
}
const safe = (text) => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const record = (k, w) => navigator.sendBeacon('/jilu', JSON.stringify({ k, w, at: Date.now() }));
document.addEventListener('click', (event) => {
  const link = event.target.closest('a, button[data-do]');
  if (link) record('press', link.textContent);
});
