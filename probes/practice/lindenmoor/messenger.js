// Messenger: launcher (acts on pointerdown), home screen with tiles, conversation.
{
  const tell = (w) => navigator.sendBeacon('/m', JSON.stringify({ k: 'press', w, at: Date.now() }));
  document.querySelectorAll('a').forEach((a) => a.addEventListener('click', () => tell(a.textContent)));
  const host = document.getElementById('lm'), who = Array.from(crypto.getRandomValues(new Uint8Array(6)), (b) => b.toString(16)).join('');
  const post = (path, body) => fetch(`/messenger/${who}${path}`, { method: 'POST', body: JSON.stringify({ ...body, at: Date.now() }) });
  const html = (text) => { const t = document.createElement('template'); t.innerHTML = text.trim(); return t.content.firstElementChild; };

  const launcher = html('<button class="lm-launch" type="button">Chat</button>');
  const start = () => { tell('Chat'); launcher.remove(); home(); };
  launcher.addEventListener('pointerdown', start, { once: true });
  launcher.addEventListener('keydown', (e) => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); start(); } });
  host.append(launcher);

  function home() {
    const panel = html(`<div class="lm-panel"><div class="lm-hello"><h2>Good to see you</h2></div>
      <div class="lm-tile" role="button" tabindex="0" data-to="talk"><b>Start a conversation</b></div>
      <div class="lm-tile" role="button" tabindex="0" data-to="guides"><b>Browse guides</b></div></div>`);
    panel.querySelectorAll('.lm-tile').forEach((tile) => {
      const go = () => { tell(tile.textContent); if (tile.dataset.to === 'talk') talk(panel); };
      tile.addEventListener('click', go);
      tile.addEventListener('keydown', (e) => { if (e.key === 'Enter') go(); });
    });
    host.append(panel);
  }
  function talk(panel) {
    panel.replaceChildren(html('<div class="lm-top">Lindenmoor messages</div>'), html('<div class="lm-parts" role="log"></div>'),
      html('<div class="lm-write"><textarea rows="1" aria-label="Message" placeholder="Message…"></textarea><button type="button" aria-label="Send">↑</button></div>'));
    const parts = panel.querySelector('.lm-parts'), area = panel.querySelector('textarea');
    let dots = null;
    const stream = new EventSource(`/messenger/${who}/events`);
    stream.onmessage = (message) => {
      const e = JSON.parse(message.data);
      if (e.kind === 'dots') { dots = dots || html('<div class="lm-dots" aria-label="Lindy is typing">•••</div>'); parts.append(dots); return; }
      if (dots) { dots.remove(); dots = null; }
      const row = html(`<div class="${e.kind === 'event' ? 'lm-event' : e.author ? 'lm-in' : 'lm-out'}"></div>`);
      if (e.author) row.append(Object.assign(document.createElement('small'), { textContent: e.author + (e.author === 'Lindy' ? ' · Bot' : '') }));
      row.append(Object.assign(document.createElement('p'), { textContent: e.text }));
      (e.options || []).forEach((label) => {
        const option = Object.assign(document.createElement('button'), { type: 'button', textContent: label, className: 'lm-opt' });
        option.addEventListener('click', () => { row.querySelectorAll('.lm-opt').forEach((o) => o.remove()); post('/option', { label }); });
        row.append(option);
      });
      parts.append(row);
      parts.scrollTop = parts.scrollHeight;
    };
    const send = () => { const text = area.value.trim(); area.value = ''; if (text) post('', { text }); };
    panel.querySelector('.lm-write button').addEventListener('click', send);
    area.addEventListener('keydown', (e) => { if (e.key === 'Enter' && !e.shiftKey) { e.preventDefault(); send(); } });
  }
}
