/* A little framework of its own: h() makes nodes, go() routes, render() swaps the view after its data has come. */
(function () {
  var root = document.getElementById('root');
  function h(tag, props) {
    var node = document.createElement(tag);
    for (var key in props || {}) {
      if (key === 'on') node.addEventListener('click', props.on);
      else if (key === 'track') node.dataset.track = props.track;
      else if (key in node) node[key] = props[key]; else node.setAttribute(key, props[key]);
    }
    for (var i = 2; i < arguments.length; i++) node.append(arguments[i]);
    return node;
  }
  function go(path) { history.pushState({}, '', path); render(); }
  function link(text, path) { return h('a', { href: path, track: text, on: function (e) { e.preventDefault(); go(path); } }, text); }
  function tile(title, text, path) {
    return h('div', { track: title, on: function () { go(path); } }, h('b', {}, title), h('p', {}, text));
  }
  function fold(title, make) {
    var body = h('div', { hidden: true });
    var button = h('button', { track: title, 'aria-expanded': 'false', on: function () {
      body.hidden = !body.hidden; button.setAttribute('aria-expanded', String(!body.hidden));
      if (!body.firstChild) body.append(make());
    } }, title);
    return h('div', { className: 'acc' }, button, body);
  }
  var views = {
    '/hilfe': function () {
      return h('div', {}, h('h1', {}, 'Womit können wir helfen?'), h('div', { className: 'css-t' },
        tile('Umzug', 'Strom und Gas mitnehmen.', '/hilfe/umzug'), tile('Störung und Ausfall', 'Wenn es dunkel bleibt.', '/hilfe/stoerung'),
        tile('Tarife', 'Was kostet was?', '/hilfe/tarife')));
    },
    '/hilfe/kontakt': function () {
      return h('div', {}, h('h1', {}, 'Kontakt'), fold('Post', function () { return h('p', {}, 'Talwerk Energie, Am Wehr 3, 01234 Musterstadt'); }),
        fold('Live-Chat', function () { return h('div', {}, h('p', {}, 'Rund um die Uhr mit unserem Chatbot.'), h('button', { track: 'Chat starten', on: function () { messenger(true); } }, 'Chat starten')); }),
        fold('Für Geschäftskunden', function () { return h('p', {}, 'Unser Vertrieb besucht Sie gern. Vereinbaren Sie eine Vorführung.'); }));
    },
    '/hilfe/stoerung': function () {
      return h('div', {}, h('h1', {}, 'Störung und Ausfall'), h('p', {}, 'Prüfen Sie zuerst die Sicherungen.'), h('button', { track: 'Jetzt mit uns chatten', on: function () { messenger(false); } }, 'Jetzt mit uns chatten'));
    },
    '/hilfe/umzug': function () { return h('div', {}, h('h1', {}, 'Umzug'), h('p', {}, 'Melden Sie sich zwei Wochen vorher um.')); },
    '/hilfe/tarife': function () { return h('div', {}, h('h1', {}, 'Tarife'), h('p', {}, 'Grün, fair, ohne Mindestlaufzeit.')); },
    '/karriere': function () { return h('div', {}, h('h1', {}, 'Karriere'), h('p', {}, 'Kontakt für Bewerbungen: schriftlich an die Personalabteilung.')); }
  };
  var turn = 0;
  async function render() {
    var mine = ++turn;
    await fetch('/api/inhalt');
    if (mine !== turn) return;
    root.replaceChildren(
      h('div', { className: 'css-1ab', role: 'navigation' }, h('b', {}, 'Talwerk'), link('Hilfe', '/hilfe'), link('Kontakt', '/hilfe/kontakt'), link('Karriere', '/karriere')),
      h('div', { className: 'css-9kz' }, (views[location.pathname] || views['/hilfe'])()));
  }
  window.addEventListener('popstate', render);

  /* the messenger: a custom element with an open shadow root */
  var css = ':host{position:fixed;right:20px;bottom:20px;width:370px;height:540px;background:#fff;border-radius:14px;box-shadow:0 8px 40px #0003;display:flex;flex-direction:column;overflow:hidden;font:14px/1.5 sans-serif}' +
    'header{background:#5a9a2f;color:#fff;padding:16px}nav{display:flex;flex-direction:column;gap:10px;padding:16px}nav button,.chips button{font:inherit;border:1px solid #5a9a2f;background:#fff;border-radius:10px;padding:10px;text-align:left}' +
    '.feed{flex:1;overflow:auto;padding:12px}.b{background:#eef5e8;border-radius:12px;padding:8px 12px;margin:6px 40px 6px 0}.b.me{background:#5a9a2f;color:#fff;margin:6px 0 6px 40px}.n{text-align:center;color:#888;font-size:12px}.chips{display:flex;gap:6px;flex-wrap:wrap}.in{display:flex;border-top:1px solid #ddd}.in textarea{flex:1;border:0;padding:12px;height:40px;resize:none;font:inherit}';
  customElements.define('tali-messenger', class extends HTMLElement {
    constructor() { super(); this.s = this.attachShadow({ mode: 'open' }); }
    begin(home) {
      var self = this;
      this.s.replaceChildren(h('style', {}, css), h('header', {}, 'Talwerk Chat'));
      if (!home) return this.thread();
      this.s.append(h('nav', {}, h('p', {}, 'Guten Tag! 👋'), h('button', { track: 'Unterhaltung beginnen', on: function () { self.begin(false); } }, 'Unterhaltung beginnen'),
        h('button', { track: 'Häufige Fragen', on: function () { location.href = '/hilfe/tarife'; } }, 'Häufige Fragen')));
    }
    thread() {
      var feed = h('div', { className: 'feed' }), box = h('textarea', { placeholder: 'Nachricht eingeben …' }), dots, chips;
      var send = h('button', { 'aria-label': 'Absenden', on: function () { say(box.value.trim()); } }, '➤');
      this.s.append(feed, h('div', { className: 'in' }, box, send), h('small', { style: 'text-align:center;color:#999' }, 'Bereitgestellt von Plauderei'));
      function put(kind, text) { var d = h('div', { className: kind }, text); feed.append(d); feed.scrollTop = 1e6; return d; }
      function say(text, via) { if (!text) return; box.value = ''; if (chips) chips.remove(); put('b me', text); line.say(text, via); }
      box.onkeydown = function (e) { if (e.key === 'Enter') { e.preventDefault(); say(box.value.trim()); } };
      var line = Line(function (e) {
        if (e.kind === 'typing') { if (dots) dots.remove(); dots = e.on ? put('n', 'schreibt …') : null; }
        if (e.kind === 'msg') {
          put(e.who === 'system' ? 'n' : 'b', e.text);
          if (e.options.length) {
            chips = h('div', { className: 'chips' });
            e.options.forEach(function (o) { var b = h('button', { on: function () { say(o, 'option'); } }, o); b.dataset.option = o; chips.append(b); });
            feed.append(chips); feed.scrollTop = 1e6;
          }
        }
      });
      line.open();
    }
  });
  function messenger(home) {
    if (document.querySelector('tali-messenger')) return;
    var m = document.createElement('tali-messenger'); document.body.append(m); m.begin(home);
  }
  render();
})();
