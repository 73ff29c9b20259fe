// One thread component for both conversations, and word of what was pressed.
function huella(w) { navigator.sendBeacon('/huella', JSON.stringify({ k: 'press', w: w, at: Date.now() })); }
document.querySelectorAll('a').forEach((a) => a.addEventListener('click', () => huella(a.textContent)));
function hilo(sitio, tipo) {
  const clave = crypto.getRandomValues(new Uint32Array(1))[0].toString(36), ruta = `/hilo/${tipo}/${clave}`;
  sitio.insertAdjacentHTML('beforeend', '<div class="lista" role="log" aria-label="Conversación"></div><form><input aria-label="Mensaje" placeholder="Escriba aquí" autocomplete="off"><button>Enviar</button></form>');
  const lista = sitio.querySelector('.lista'), form = sitio.querySelector('form'), campo = form.querySelector('input');
  let desde = 0;
  (async function leer() {
    for (;;) {
      try {
        for (const e of await (await fetch(ruta + '?desde=' + desde)).json()) {
          desde = e.n;
          const p = document.createElement('div');
          p.className = e.kind === 'aviso' ? 'aviso' : e.de ? 'suyo' : 'mio';
          if (e.de) { const quien = document.createElement('strong'); quien.textContent = e.de; p.append(quien); }
          p.append(Object.assign(document.createElement('span'), { textContent: e.texto }));
          lista.append(p);
          lista.scrollTop = lista.scrollHeight;
        }
      } catch (error) { await new Promise((r) => setTimeout(r, 1500)); }
    }
  })();
  form.addEventListener('submit', (e) => {
    e.preventDefault();
    const texto = campo.value.trim();
    campo.value = '';
    if (texto) fetch(ruta, { method: 'POST', body: JSON.stringify({ texto, at: Date.now() }) });
  });
}
