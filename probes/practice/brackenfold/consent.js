// The cookie dialog, and word to the site of which links were followed.
function seen(kind, what) { navigator.sendBeacon('/seen', JSON.stringify({ k: kind, w: what, at: Date.now() })); }
document.querySelectorAll('a').forEach((link) => link.addEventListener('click', () => seen('press', link.textContent)));
if (!localStorage.getItem('bf-choice')) {
  const veil = document.createElement('div');
  veil.className = 'veil';
  veil.innerHTML = `<div class="consent" role="dialog" aria-modal="true" aria-labelledby="consent-title">
    <h2 id="consent-title">We value your privacy</h2>
    <p>We and our partners use cookies to remember your seats, to measure our pages and to show fitting adverts.</p>
    <div class="choices"><button type="button" data-choice="none">Reject all</button><button type="button" data-choice="all">Accept all</button></div></div>`;
  veil.querySelectorAll('button').forEach((button) => button.addEventListener('click', () => {
    seen('obstacle', button.textContent);
    localStorage.setItem('bf-choice', button.dataset.choice);
    veil.remove();
    document.body.classList.remove('still');
  }));
  document.body.append(veil);
  document.body.classList.add('still');
}
