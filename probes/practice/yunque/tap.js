function tapped(kind, label) { navigator.sendBeacon('/m/api/tap', JSON.stringify({ k: kind, w: label, at: Date.now() })); }
for (const element of document.querySelectorAll('[data-tap]')) {
  element.addEventListener('click', () => {
    const own = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join('');
    tapped('press', element.getAttribute('aria-label') || own);
  });
}
