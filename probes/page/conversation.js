// The conversation in this frame: the weighing of its boxes and logs, and where a control stands relative to them.
// Structure only (geometry, roles, what scrolls, what looks like a bubble); what a text means is read in Python.
(() => {
  const T = window.__tohuman;
  const css = T.native.getComputedStyle;
  const now = T.native.now;
  const { rect, tokens, scrolls, floats, messagesOf, endless, moving } = T;
  const { entries, isSearch, siblingsInForm, letterBox, pressablesNear, logFor } = T.boxes;
  const CHAT = /(^|[-_\s:])(live-?)?(chat|chatbot|messages?|msgs?|conversation|messenger|im|webim|composer|bubble|dialogue|transcript|kefu)([-_\s:]|[A-Z]|s?$)/i;

  // ---- weighing
  const scoreBox = (box) => {
    const r = rect(box);
    if (r.width < 60 || r.height < 10) return null;
    let score = 0;
    const why = [];
    const give = (n, w) => { score += n; why.push(`${w}${n > 0 ? '+' : ''}${n}`); };
    if (isSearch(box)) give(-4, 'search');
    const log = logFor(box);
    const talk = log ? messagesOf(log.el) : null;
    if (letterBox(box, log && (log.grade === 3 || talk.bubbles) ? log.el : null)) return null;
    const others = siblingsInForm(box);
    if (others > 0) give(-3 - others, 'form');
    if (box.localName === 'textarea' || box.isContentEditable) give(1, 'multiline');
    for (let n = box, i = 0; n && i < 12; n = T.parent(n), i++) {
      const role = T.role(n);
      if (role === 'banner' || role === 'navigation') { give(-3, 'header'); break; }
      if (role === 'contentinfo') { if (!/fixed|sticky/.test(css(n).position)) give(-2, 'footer'); break; }
    }
    const panel = floats(box);
    if (panel && panel !== document.body) give(2, 'panel');
    if (window !== window.top && window.innerWidth < 700) give(2, 'frame');
    let token = false;
    for (let n = box, i = 0; n && i < 7 && !token; n = T.parent(n), i++) token = CHAT.test(tokens(n));
    if (token) give(1, 'named');
    if (log) {
      const lr = rect(log.el);
      if (log.grade === 3) give(4, 'log'); else if (log.grade === 2) give(2, 'scroll');
      if (talk.bubbles) give(2, 'bubbles');
      if (CHAT.test(tokens(log.el)) && !token) give(1, 'lognamed');
      if (log.el.querySelectorAll && log.el.querySelectorAll('h1, article, p + p + p').length > 0 && log.grade < 2 && !talk.bubbles) give(-2, 'prose');
      if (lr.height > 3 * window.innerHeight && log.grade < 2) give(-1, 'long');
    }
    const near = pressablesNear(box);
    if (near.some((x) => { const q = rect(x); return q.left >= r.left && q.top < r.bottom + 60 && q.bottom > r.top - 20; })) give(1, 'send');
    return { box, log, talk, score, why: why.join(' ') };
  };

  // what stands on pages and in no conversation: cards over a footer are not a bot's words over its answers
  const PAGE = 'nav, footer, table, [role=navigation], [role=contentinfo], [role=search], [role=tablist], input[type=search]';
  const bareLogs = () => {
    const found = [];
    T.walk(document.documentElement, (el) => {
      const n = el.localName;
      if (n === 'script' || n === 'style' || n === 'svg' || n === 'head') return false;
      const role = el.getAttribute('role');
      const named = CHAT.test(tokens(el));
      const rolls = scrolls(el) && n !== 'textarea' && T.role(el) !== 'listbox';
      if (role === 'log' || (rolls && (named || floats(el) || rect(el).height <= window.innerHeight))) {
        if (!T.visible(el) || rect(el).height < 60) return undefined;
        const talk = messagesOf(el);
        const texts = talk.list.filter((m) => m.text && !m.busy);
        const side = (m) => m.side === 'start' || m.side === 'end';
        const sided = talk.list.some((m) => m.bubble && side(m));
        // what is neither named nor a window of its own: words on one side only, and answers to press below the last
        const last = talk.list[talk.list.length - 1], spoken = talk.list.filter((m) => m.bubble && m.text);
        const said = spoken.some((m) => !/^(native|role)$/.test(T.clickable(m.el))); // the button of a form is nobody's word
        const asks = spoken.length >= 2 && spoken.every(side) && !!last && last.options.length >= 2 && !el.querySelector(PAGE);
        if (role === 'log' ? texts.length : texts.length && said && (named || asks || (sided && floats(el)))) { found.push({ el, talk, score: role === 'log' ? 5 : named || floats(el) ? 3 : 2 }); return false; }
      }
      return undefined;
    });
    return found.sort((a, b) => b.score - a.score)[0] || null;
  };

  let version = 0;
  let cache = null;
  let adopted = null;
  const disowned = new WeakSet();
  let kept = null; // a log known by the answers below its last words alone: it is one still while these are away
  let changedAt = now();
  const bump = () => { version++; changedAt = now(); };
  const watch = (root) => { try { new T.native.MutationObserver(bump).observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['class', 'style', 'hidden', 'disabled', 'aria-disabled', 'aria-busy', 'open', 'src', 'aria-expanded', 'placeholder'] }); } catch (e) { /* the root went away */ } };
  watch(document);
  T.onRoot(watch);
  T.version = () => version;
  // what is fading or sliding in is still changing, though no mutation tells; endless and long movements are decoration
  const moves = (a) => { try { const t = a.effect.getComputedTiming(); return a.playState === 'running' && t.endTime < 1500; } catch (e) { return false; } };
  T.quiet = () => { try { if (document.getAnimations && document.getAnimations().slice(0, 60).some(moves)) changedAt = now(); } catch (e) { /* a document that is going away */ } return now() - changedAt; };
  T.afresh = () => { cache = null; };

  T.adopt = (box) => { adopted = box; cache = null; };
  // a field that by its words takes no messages
  T.disown = (box) => { disowned.add(box); cache = null; };
  const keptLog = () => {
    if (!kept || !kept.isConnected || !T.visible(kept)) return null;
    const talk = messagesOf(kept);
    return talk.bubbles ? { el: kept, talk, score: 2 } : null;
  };
  const weigh = () => {
    if (adopted && !(adopted.isConnected && T.visible(adopted))) adopted = null;
    let best = null;
    const weak = [];
    for (const el of entries()) {
      if (el.readOnly || disowned.has(el) || !T.visible(el)) continue;
      const s = scoreBox(el);
      if (!s) continue;
      s.enabled = !T.disabled(el) && el.getAttribute('contenteditable') !== 'false';
      if (el === adopted) s.score += 10;
      if (s.score >= 4) { if (!best || s.score > best.score) best = s; } else weak.push(s);
    }
    if (!best) {
      const bare = bareLogs() || keptLog();
      if (bare && bare.score === 2) kept = bare.el;
      // a lone box under a log is its box, however little else speaks for it
      const under = bare ? weak.filter((w) => w.score >= 0 && rect(w.box).top >= rect(bare.el).bottom - 40 && rect(w.box).top - rect(bare.el).bottom < 240) : [];
      if (bare && under.length) { best = { ...under.sort((a, b) => b.score - a.score)[0], log: { el: bare.el, grade: 3, owner: null }, talk: bare.talk }; let o = T.parent(bare.el); while (o && !T.contains(o, best.box)) o = T.parent(o); best.log.owner = o || document.body; } else if (bare) best = { box: null, log: { el: bare.el, grade: 3, owner: T.parent(bare.el) || bare.el }, talk: bare.talk, score: bare.score, why: 'log alone', enabled: false };
    }
    return { best, weak };
  };
  T.conversation = () => {
    if (cache && cache.version === version && now() - cache.at < 400) return cache.value;
    const { best, weak } = weigh();
    let value = null;
    // a page of welcome with a button to begin, and the box below it not yet in use: nobody has said anything
    const offered = best && best.talk ? best.talk.list.reduce((n, m) => n + m.options.length, 0) : 0;
    const welcome = best && best.box && !best.enabled && offered < 2 && !(best.talk && best.talk.bubbles) && !(best.log && best.log.grade === 3);
    if (best && !welcome) {
      const texts = best.talk ? best.talk.list.filter((m) => (m.text || m.options.length) && !m.busy) : [];
      const log = best.log && (texts.length || best.log.grade === 3) && (best.talk.bubbles || best.log.grade >= 2 || best.score >= 4) ? best.log.el : null;
      if (log || best.box) value = { log, box: best.box && best.enabled ? best.box : null, anyBox: best.box, talk: log ? best.talk : null, score: best.score, why: best.why, owner: best.log ? best.log.owner : null, place: null, weak };
    }
    if (value) {
      value.place = (el) => place(value, el);
      value.boxText = () => T.boxText(value.anyBox);
    }
    cache = { version, at: now(), value, weak };
    return value;
  };
  T.weakBoxes = () => { T.conversation(); return cache ? cache.weak : []; };
  T.boxText = (box) => { if (!box) return ''; return box.localName === 'textarea' || box.localName === 'input' ? box.value : T.squeeze(box.innerText || ''); };

  const place = (c, el) => {
    if (!el) return 'outside';
    if (c.anyBox && T.contains(c.anyBox, el)) return 'box';
    if (c.log && T.contains(c.log, el)) return 'log';
    if (!c.anyBox) return 'outside';
    const b = rect(c.anyBox), r = rect(el);
    // the composer: what holds the box and does not hold the log
    let composer = c.anyBox;
    for (let n = T.parent(composer), i = 0; n && i < 6; n = T.parent(n), i++) {
      if (c.log && T.contains(n, c.log)) break;
      if (n === document.body || n.localName === 'main' || n.localName === 'html') break;
      const q = rect(n);
      if (q.height > b.height + 180 || (!c.log && q.height > 200)) break;
      composer = n;
    }
    if (T.contains(composer, el)) return r.bottom <= b.top + 4 ? 'between' : 'toolbar';
    if (!c.log) return 'outside';
    const owner = c.owner;
    if (!owner || !T.contains(owner, el) || T.contains(el, c.anyBox)) return 'outside';
    const l = rect(c.log);
    // a strip of choices may lie over the foot of the log, right above the box
    let strip = el;
    for (let n = T.parent(strip); n && n !== owner && !T.contains(n, c.anyBox) && !T.contains(n, c.log); n = T.parent(n)) strip = n;
    const st = rect(strip);
    if (!/dialog/.test(T.role(strip)) && (el.innerText || '').trim() && st.height < 260 && st.top > l.top && st.bottom <= b.top + 6 && b.top - st.bottom < 40 && l.bottom > st.top) return 'between';
    const dialog = (() => { for (let n = el; n && n !== owner; n = T.parent(n)) { const ro = T.role(n); if (ro === 'dialog' || ro === 'alertdialog') return true; if (css(n).position === 'fixed') return true; } return false; })();
    if (dialog) return 'outside';
    const floor = Math.min(l.bottom, b.top) - 6;
    if (r.top >= floor && r.bottom <= b.top + 6 && r.right > b.left - 60) return 'between';
    if (r.top >= floor && r.top < b.bottom + 56 && r.bottom > b.top - 56) return 'toolbar';
    return 'outside';
  };

  // by which a vendor's documentation tells its software, and whose a message is
  const marksOf = (el, log) => { const out = []; for (let n = el, i = 0; n && n !== log && i < 10; n = T.parent(n), i++) if (typeof n.className === 'string') out.push(n.className); return out.join(' ').slice(0, 400); };
  T.marks = () => {
    const urls = new Set(), ids = new Set();
    for (const x of document.querySelectorAll('script[src], iframe[src]')) if (urls.size < 200) urls.add(String(x.src).slice(0, 300));
    T.walk(document.documentElement, (x) => { if (ids.size > 1500) return false; if (x.id) ids.add(String(x.id).slice(0, 80)); if (typeof x.className === 'string') for (const c of x.className.split(/\s+/)) if (c) ids.add(c.slice(0, 80)); if (x.localName === 'iframe' && x.name) ids.add(x.name.slice(0, 80)); return undefined; });
    return { urls: [...urls], ids: [...ids] };
  };

  // dialogs that stand beside the conversation: a question about it may be asked there
  const apart = (c, el) => T.visible(el) && !(c.log && T.contains(c.log, el)) && !T.contains(el, c.log || c.anyBox) && !(c.anyBox && T.contains(el, c.anyBox));
  // one that says by no role what it is lies over the middle of the log
  const lain = (c) => {
    const r = rect(c.log || c.anyBox);
    let el = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
    for (; el && el !== document.body; el = T.parent(el)) if (/fixed|absolute/.test(css(el).position) && apart(c, el)) return true;
    return false;
  };
  const dialogs = (c) => [...document.querySelectorAll('dialog[open], [role=dialog], [role=alertdialog], [aria-modal=true]')].filter((el) => apart(c, el)).length || Number(lain(c));

  // ---- what Python asks for
  T.talk = () => {
    const c = T.conversation();
    if (!c) return null;
    const talk = c.log ? messagesOf(c.log) : { list: [], cut: 0 };
    const spinner = c.log ? (c.log.getAttribute('aria-busy') === 'true' || (!talk.list.some((m) => m.busy) && endless(c.log))) : false;
    const r = c.log ? T.box(c.log) : null;
    return {
      box: !!c.box, anyBox: !!c.anyBox, log: !!c.log, score: c.score, why: c.why, cut: talk.cut,
      placeholder: c.anyBox ? T.name(c.anyBox) : '', boxText: T.boxText(c.anyBox), rect: r,
      rtl: c.log ? css(c.log).direction === 'rtl' : false,
      busy: spinner || talk.list.some((m) => m.busy), stated: c.log ? c.log.getAttribute('aria-busy') === 'true' : false, moving: c.log ? moving(c.log) : [], version, quiet: T.quiet(),
      dialogs: dialogs(c),
      messages: talk.list.filter((m) => m.text || m.options.length || m.busy).map((m) => ({ text: m.text.slice(0, 6000), options: m.options.slice(0, 60), away: m.away >= m.options.length && m.away > 0, side: m.side, bubble: m.bubble, name: m.name, busy: m.busy, cls: m.cls, marks: m.el ? marksOf(m.el, c.log) : '' })),
    };
  };
  T.beat = () => { const c = T.conversation(); return [version, T.quiet(), document.readyState, !!(c && c.box)]; };
  // the floating panel the conversation stands in, null when it is part of the page
  T.panel = () => { const c = T.conversation(); if (!c) return null; const p = floats(c.anyBox || c.log); return p && rect(p).width < window.innerWidth * 0.9 ? p : null; };
  T.boxElement = () => { const c = T.conversation(); return c ? c.box : null; };
})();
