const merk = (k, w) => navigator.sendBeacon('/hilfe/merk', JSON.stringify({ k, w, at: Date.now() }));
document.querySelectorAll('a').forEach((a) => a.addEventListener('click', () => merk('press', a.textContent)));
const spalte = document.getElementById('spalte');
document.getElementById('live').addEventListener('click', () => {
  merk('press', 'Live-Chat');
  spalte.replaceChildren(document.getElementById('vorher').content.cloneNode(true));
  const anmeldung = document.getElementById('anmeldung');
  anmeldung.addEventListener('change', (e) => { if (e.target.value) merk('field', e.target.dataset.label); });
  anmeldung.addEventListener('submit', async (e) => {
    e.preventDefault();
    merk('press', 'Chat starten');
    const antwort = await fetch('/hilfe/chat', { method: 'POST', body: new FormData(anmeldung) });
    spalte.innerHTML = await antwort.text();
    chat(spalte.querySelector('.chat'));
  });
});
function chat(element) {
  const adresse = '/hilfe/chat/' + element.dataset.nummer, verlauf = element.querySelector('.verlauf');
  let stand = 0, alt = '';
  const holen = async () => {
    try {
      const html = await (await fetch(`${adresse}?stand=${stand}`)).text();
      if (html !== alt) {
        alt = html;
        // The server sends the whole column; only what is new or changed is put in.
        const neu = new DOMParser().parseFromString(html, 'text/html').querySelector('[data-stand]');
        stand = Number(neu.dataset.stand);
        [...neu.children].forEach((kind, i) => {
          const da = verlauf.children[i];
          if (!da) verlauf.append(kind.cloneNode(true)); else if (!da.isEqualNode(kind)) da.replaceWith(kind.cloneNode(true));
        });
        while (verlauf.children.length > neu.children.length) verlauf.lastChild.remove();
        verlauf.scrollTop = verlauf.scrollHeight;
      }
      holen();
    } catch (e) { setTimeout(holen, 1500); }
  };
  holen();
  const form = element.querySelector('form');
  form.addEventListener('submit', (e) => {
    e.preventDefault();
    const text = form.text.value.trim();
    if (!text) return;
    form.text.value = '';
    const daten = new FormData();
    daten.set('text', text);
    daten.set('at', Date.now());
    fetch(adresse, { method: 'POST', body: daten });
  });
}
