/* A messenger in the manner of the big vendors: launcher and messenger are frames without an address, written by script;
   class names are hashes; a home screen stands before the thread. One file serves two sites, words come from the page. */
(function () {
  var w = window.petrelSettings, css = '*{box-sizing:border-box}html,body{height:100%;margin:0;font:14px/1.5 system-ui,"Noto Sans Arabic",sans-serif}';
  var box = document.createElement('div');
  box.className = 'petrel-lightweight-app';
  document.body.append(box);
  function frame(name, title, style) {
    var f = document.createElement('iframe');
    f.name = name; f.title = title; f.style.cssText = 'border:0;position:fixed;z-index:2147483000;' + style;
    box.append(f);
    var d = f.contentDocument;
    d.open(); d.write('<!doctype html><html dir="' + w.dir + '" lang="' + w.lang + '"><head></head><body></body></html>'); d.close();
    window.trackIn(d);
    return f;
  }
  var side = (w.dir === 'rtl' ? 'left' : 'right') + ':20px;';
  var launcher = frame('petrel-launcher-frame', w.launcher, side + 'bottom:20px;width:60px;height:60px;border-radius:50%;');
  var ld = launcher.contentDocument;
  ld.body.innerHTML = '<style>' + css + '.kq3x1f{width:60px;height:60px;border-radius:50%;cursor:pointer;display:flex;align-items:center;justify-content:center}</style>' +
    '<div class="kq3x1f" role="button" tabindex="0" aria-live="polite"><svg width="24" height="24" viewBox="0 0 28 32" fill="#fff"><path d="M28 32s-5-2-8-3H4a4 4 0 01-4-4V4a4 4 0 014-4h20a4 4 0 014 4z"/></svg></div>';
  var knob = ld.querySelector('.kq3x1f');
  knob.style.background = w.colour; knob.setAttribute('aria-label', w.launcher); knob.dataset.track = w.launcher;
  var main = null;
  knob.addEventListener('click', function () {
    if (main) { main.style.display = main.style.display === 'none' ? '' : 'none'; return; }
    main = frame('petrel-messenger-frame', w.title, side + 'bottom:92px;width:380px;height:560px;border-radius:16px;box-shadow:0 5px 40px rgba(0,0,0,.2);background:#fff;');
    home(main.contentDocument);
  });
  function el(d, tag, cls, text) { var n = d.createElement(tag); n.className = cls || ''; if (text !== undefined) n.textContent = text; return n; }
  function home(d) {
    d.body.innerHTML = '<style>' + css + '.p9h2{padding:24px;color:#fff;font-size:22px;height:150px}.c0k7{margin:-30px 16px 14px;background:#fff;border-radius:10px;box-shadow:0 2px 10px #0002;padding:14px 18px;cursor:pointer;display:block;width:calc(100% - 32px);text-align:start;border:0;font:inherit}.c0k7+.c0k7{margin-top:0}' +
      '.t1{display:flex;flex-direction:column;height:100%}.hd{padding:14px;color:#fff;display:flex;gap:10px}.hd button{border:0;background:none;color:#fff;font-size:18px}.fd{flex:1;overflow:auto;padding:14px}.r{display:flex;gap:8px;margin:4px 0;align-items:flex-end}.r u{width:28px;height:28px;border-radius:50%;background:#cdd3e0;flex:none}.r u.h{visibility:hidden}.r span{background:#f1f2f6;border-radius:14px;padding:9px 14px;max-width:78%}.r.m{justify-content:flex-end}.y{text-align:center;color:#777;font-size:12px;margin:12px 0}.meta{font-size:11px;color:#999;margin:2px 38px}' +
      '.qq{display:flex;flex-wrap:wrap;gap:6px;justify-content:flex-end;margin:8px 0}.qq button{border:0;border-radius:18px;padding:8px 14px;color:#fff;font:inherit}.cm{display:flex;border-top:1px solid #eee;padding:6px}.cm textarea{flex:1;border:0;outline:0;resize:none;height:40px;padding:10px;font:inherit}.cm button{border:0;background:none;font-size:18px}.pw{text-align:center;font-size:11px;color:#aaa;padding:4px}</style>';
    var top = el(d, 'div', 'p9h2', w.hello); top.style.background = w.colour; d.body.append(top);
    w.tiles.forEach(function (t) {
      var b = el(d, 'button', 'c0k7'); b.append(el(d, 'b', '', t.text), el(d, 'br'), el(d, 'small', '', t.sub)); b.dataset.track = t.text;
      b.onclick = function () { if (t.thread) thread(d); else window.open(t.href, '_blank'); };
      d.body.append(b);
    });
    d.body.append(el(d, 'div', 'pw', w.powered));
  }
  function thread(d) {
    var style = d.querySelector('style'); d.body.replaceChildren(style);
    var t = el(d, 'div', 't1'), hd = el(d, 'div', 'hd'), fd = el(d, 'div', 'fd'), cm = el(d, 'div', 'cm');
    var back = el(d, 'button', '', '‹'); back.setAttribute('aria-label', w.back); back.dataset.track = w.back; back.onclick = function () { home(d); };
    hd.style.background = w.colour; hd.append(back, el(d, 'div', '', w.bot));
    var ta = el(d, 'textarea'); ta.placeholder = w.placeholder; var send = el(d, 'button', '', '➤'); send.setAttribute('aria-label', w.send);
    cm.append(ta, send); t.append(hd, fd, cm, el(d, 'div', 'pw', w.powered)); d.body.append(t);
    var last = '', dots = null, qq = null;
    function row(who, text) {
      var r = el(d, 'div', 'r' + (who === 'me' ? ' m' : ''));
      if (who !== 'me') r.append(el(d, 'u', last === who ? 'h' : ''));
      var s = el(d, 'span', '', text); if (who === 'me') { s.style.background = w.colour; s.style.color = '#fff'; }
      r.append(s); fd.append(r); last = who; fd.scrollTop = 1e6; return r;
    }
    function say(text, via) { if (!text) return; ta.value = ''; if (qq) qq.remove(); row('me', text); line.say(text, via); }
    var line = window.Line(function (e) {
      if (e.kind === 'typing') { if (dots) dots.remove(); dots = e.on ? row('bot', '●●●') : null; if (!e.on) last = ''; }
      if (e.kind === 'msg') {
        if (e.who === 'system') { fd.append(el(d, 'div', 'y', e.text)); last = ''; }
        else { row('bot', e.text); fd.append(el(d, 'div', 'meta', w.bot + ' · ' + w.now)); }
        if (e.options.length) {
          qq = el(d, 'div', 'qq');
          e.options.forEach(function (o) { var b = el(d, 'button', '', o); b.style.background = w.colour; b.dataset.option = o; b.onclick = function () { say(o, 'option'); }; qq.append(b); });
          fd.append(qq);
        }
        fd.scrollTop = 1e6;
      }
    });
    ta.onkeydown = function (e) { if (e.key === 'Enter') { e.preventDefault(); say(ta.value.trim()); } };
    send.onclick = function () { say(ta.value.trim()); };
    line.open();
  }
})();
