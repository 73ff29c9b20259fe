// The conversation in this frame: its message box, its log, the messages, and where a control stands relative to them.
// Structure only (geometry, roles, what scrolls, what looks like a bubble); what a text means is read in Python.
(() => {
  const T = window.__tohuman;
  const css = T.native.getComputedStyle;
  const now = T.native.now;
  const CHAT = /(^|[-_\s:])(live-?)?(chat|chatbot|messages?|msgs?|conversation|messenger|im|webim|composer|bubble|dialogue|transcript|kefu)([-_\s:]|[A-Z]|s?$)/i;
  const SEARCH = /(^|[-_\s\[])(q|s|search|query|keywords?|wd|kw)([-_\s\]]|$)/i;
  const MAX_ROWS = 240;
  const CLOCK = /^\D{0,12}\d{1,2}[:.：]\d{2}([:.：]\d{2})?\s*([ap]\.?m\.?)?\D{0,3}$/i;

  const tokens = (el) => `${el.id || ''} ${typeof el.className === 'string' ? el.className : ''} ${el.getAttribute('data-testid') || ''}`;
  const rect = (el) => el.getBoundingClientRect();
  // by the browser, or by a script that moves what it holds up and down
  const moved = (el) => { const k = el.childElementCount === 1 ? el.firstElementChild : null; return !!k && /^matrix\(1, 0, 0, 1, 0, /.test(css(k).transform) && Math.abs(k.offsetWidth - el.clientWidth) <= 20 && k.offsetHeight >= el.clientHeight / 2; };
  const scrolls = (el) => { const o = css(el).overflowY; return o === 'auto' || o === 'scroll' || o === 'overlay' || ((o === 'hidden' || o === 'clip') && moved(el)); };
  const floats = (el) => { for (let n = el; n && n !== document.body; n = T.parent(n)) { const p = css(n).position; if (p === 'fixed' || p === 'sticky') return n; const r = T.role(n); if (r === 'dialog' || r === 'complementary') return n; } return null; };

  // ---- message boxes
  const isTextEntry = (el) => {
    if (el.localName === 'textarea') return true;
    if (el.localName === 'input') return /^(text|search)$/.test((el.getAttribute('type') || 'text').toLowerCase());
    if (el.isContentEditable && el.getAttribute('contenteditable') !== null) return true;
    return el.getAttribute('role') === 'textbox' && el.isContentEditable;
  };
  const entries = () => {
    const found = [];
    T.walk(document.documentElement, (el) => {
      const n = el.localName;
      if (n === 'script' || n === 'style' || n === 'svg' || n === 'head') return false;
      if (isTextEntry(el)) { found.push(el); return false; }
      return undefined;
    });
    return found;
  };
  const isSearch = (el) => {
    if ((el.getAttribute('type') || '').toLowerCase() === 'search' || el.getAttribute('role') === 'searchbox') return true;
    if (SEARCH.test(el.getAttribute('name') || '') || SEARCH.test(el.id || '')) return true;
    for (let n = el, i = 0; n && i < 6; n = T.parent(n), i++) {
      if (n.getAttribute('role') === 'search' || n.localName === 'search') return true;
      if (n.localName === 'form') return /search/i.test(`${n.getAttribute('action') || ''} ${tokens(n)}`) || (n.method || '').toLowerCase() === 'get' && !!n.getAttribute('action') && n.querySelectorAll('textarea').length === 0;
    }
    return false;
  };
  // other values asked for beside this box make it a form, not a message box
  const siblingsInForm = (el) => {
    let scope = null;
    for (let n = T.parent(el), i = 0; n && i < 8; n = T.parent(n), i++) { if (n.localName === 'form' || T.role(n) === 'form') { scope = n; break; } }
    if (!scope) { scope = el; for (let i = 0; i < 3 && T.parent(scope); i++) scope = T.parent(scope); }
    let others = 0;
    T.walk(scope, (x) => {
      // a form card in the log beside it has fields of its own
      if (x !== scope && !T.contains(x, el) && (x.localName === 'form' || T.role(x) === 'log' || (scrolls(x) && x.localName !== 'textarea'))) return false;
      if (x !== el && /^(input|select|textarea)$/.test(x.localName) && !/^(hidden|button|submit|reset|image|file|search)$/.test(x.type || '') && T.visible(x) && !(x.localName === 'textarea' && x.readOnly)) others++;
      return undefined;
    });
    return others;
  };
  // a box that shares its form with another value to give is a letter-box: whatever else speaks for it, nothing is ever
  // said there (method 5). Where no form is marked, what stands near without the log between counts as one; a form
  // around a whole page counts where nothing of the conversation lies between the two.
  const letterBox = (el, log) => {
    let form = null;
    for (let n = T.parent(el), i = 0; n && i < 12 && !form; n = T.parent(n), i++) if (n.localName === 'form' || T.role(n) === 'form') form = n;
    if (!form) for (let n = T.parent(el), i = 0; n && i < 8; n = T.parent(n), i++) { if (/^(body|main|html)$/.test(n.localName) || rect(n).height > 640 || (log && T.contains(n, log))) break; form = n; }
    if (!form) return false;
    const mates = [];
    T.walk(form, (x) => {
      if (x !== form && T.role(x) === 'log') return false;
      const gives = x.localName === 'textarea' || (x.localName === 'input' && /^(text|email|tel|url|password|date|number)$/.test(x.type));
      if (x !== el && gives && !x.readOnly && !T.disabled(x) && !isSearch(x) && T.role(x) !== 'combobox' && T.visible(x) && rect(x).width >= 40) mates.push(x);
      return undefined;
    });
    return mates.some((x) => { let both = T.parent(el); while (both && !T.contains(both, x)) both = T.parent(both); return !(log && both && T.contains(both, log)); });
  };
  const pressablesNear = (el) => {
    let n = el, out = [];
    for (let i = 0; i < 5 && n; i++, n = T.parent(n)) {
      out = [];
      T.walk(n, (x) => { if (x !== el && T.clickable(x) && T.visible(x)) { out.push(x); return false; } return undefined; });
      if (out.length) return out;
    }
    return out;
  };

  // ---- the log that belongs to a box: what stands above it in the nearest ancestor that has something there
  const textIn = (el) => T.squeeze(T.text(el, 300)).length > 0;
  // a strip of quick replies stands between log and box: nothing but things to press
  const choicesOnly = (el) => {
    let words = 0, rest = 0;
    const take = (node) => {
      if (node.nodeType === 3) { rest += T.squeeze(node.data).length; return; }
      if (node.nodeType !== 1 || css(node).display === 'none') return;
      // what holds a whole log may listen for presses too (to scroll it)
      if (node !== el && T.clickable(node) && (/^(native|role)$/.test(T.clickable(node)) || rect(node).height < 120)) { words += T.squeeze(T.text(node, 80)).length; return; }
      for (const kid of T.childNodes(node)) take(kid);
    };
    take(el);
    return words > 0 && rest === 0;
  };
  // several buttons and nothing else: surely no log, in which a message may be pressed too
  const strip = (el) => {
    let presses = 0, weak = false;
    T.walk(el, (x) => { if (x === el) return undefined; const why = T.clickable(x); if (!why) return undefined; if (why !== 'native' && why !== 'role') weak = true; presses++; return false; });
    return presses >= 2 && !weak && choicesOnly(el);
  };
  const logFor = (box) => {
    const b = rect(box);
    let a = T.parent(box);
    let fallback = null;
    // a window of its own over the page holds its log, be it empty yet; a bar at the foot of the page has it above
    const panel = floats(box), bound = panel && rect(panel).height > 260 && T.contains(panel, box) ? panel : null;
    for (let depth = 0; a && depth < 14 && !(bound && a !== bound && T.contains(a, bound)); depth++, a = T.parent(a)) {
      const tops = [];
      T.walk(a, (el) => {
        if (el === a) return undefined;
        if (T.contains(el, box)) return undefined;
        const n = el.localName;
        if (n === 'script' || n === 'style' || n === 'svg' || n === 'header' || n === 'nav') return false;
        const r = rect(el);
        if (r.height < 12 || r.width < 60) return n === 'slot' || css(el).display === 'contents' ? undefined : (css(el).overflow === 'visible' && el.childElementCount ? undefined : false);
        const role = el.getAttribute('role');
        if (role === 'log' || role === 'feed' || (el.getAttribute('aria-live') && r.height >= 40 && !strip(el))) { tops.push([3, el, r]); return false; }
        if (r.top > b.top + 4 || r.right < b.left || r.left > b.right) return false;
        if (scrolls(el) && r.height >= 60 && !strip(el)) { tops.push([2, el, r]); return false; }
        if (tops.length < 400 && r.bottom <= b.top + 12 && T.parent(el) === a) { tops.push([1, el, r]); }
        return undefined;
      });
      if (!tops.length) continue;
      tops.sort((x, y) => y[0] - x[0] || y[2].height - x[2].height);
      const [grade, el, r] = tops[0];
      // what scrolls far above a box that already has words beside it belongs to the page, not to the box
      if (grade >= 2 && (!fallback || (b.top - r.bottom < 240 && a !== document.body))) return { el, grade, owner: a };
      if (grade === 1 && r.height >= 48 && textIn(el) && (!fallback || (choicesOnly(fallback.el) && !choicesOnly(el)))) fallback = { el, grade, owner: a };
      if (fallback && depth >= 3 && !choicesOnly(fallback.el)) return fallback;
    }
    return fallback;
  };

  // ---- what looks like a bubble: own background or border, rounded, holding text, not itself a control
  const clear = (c) => !c || c === 'transparent' || /,\s*0\)$/.test(c);
  const filledBox = (s) => {
    const rounded = parseFloat(s.borderTopLeftRadius) >= 2 || parseFloat(s.borderBottomRightRadius) >= 2;
    return rounded && (!clear(s.backgroundColor) || s.backgroundImage !== 'none' || parseFloat(s.borderTopWidth) >= 1 && s.borderTopStyle !== 'none');
  };
  // some draw the bubble as an empty box laid under the words
  const painted = (el) => {
    const r = rect(el);
    if (r.height < 16 || r.height > window.innerHeight * 2) return false;
    for (const k of T.children(el)) {
      if (css(k).position !== 'absolute' || !filledBox(css(k)) || T.squeeze(k.textContent)) continue;
      const q = rect(k);
      if (Math.abs(q.width - r.width) <= 4 && Math.abs(q.height - r.height) <= 4) return true;
    }
    for (const which of ['::before', '::after']) {
      const s = css(el, which);
      if (s.content !== 'none' && s.content !== 'normal' && s.position === 'absolute' && filledBox(s) && Math.abs(parseFloat(s.width) - r.width) <= 4 && Math.abs(parseFloat(s.height) - r.height) <= 4) return true;
    }
    return false;
  };
  // room around the words: of the bubble's own, or of the only thing in it, which fills it
  const roomy = (el, s = css(el), depth = 0) => {
    if (parseFloat(s.paddingLeft) >= 4 || parseFloat(s.paddingTop) >= 4) return true;
    const only = el.childElementCount === 1 && depth < 2 ? el.firstElementChild : null;
    return !!only && rect(el).width - rect(only).width <= 4 && rect(el).height - rect(only).height <= 4 && clear(css(only).backgroundColor) && roomy(only, css(only), depth + 1);
  };
  const bubbleLike = (el) => {
    const s = css(el);
    return (filledBox(s) && roomy(el, s)) || (s.position === 'relative' && painted(el));
  };
  const restless = (el) => {
    if (!el.getAnimations) return [];
    try {
      return el.getAnimations({ subtree: true }).filter((a) => a.playState === 'running' && a.effect && a.effect.getComputedTiming().iterations === Infinity);
    } catch (e) { return []; }
  };
  const endless = (el) => restless(el).length > 0;
  // what moves without end, named: a sign of work, or mere decoration when it moves all the time
  const moving = (el) => [...new Set(restless(el).map((a) => `${a.animationName || a.id || 'js'}@${a.effect.target ? a.effect.target.localName + '.' + (typeof a.effect.target.className === 'string' ? a.effect.target.className.slice(0, 40) : '') : ''}`))].slice(0, 12);
  const optionLike = (el) => {
    const why = T.clickable(el);
    if (!why || why === 'tabindex') return false;
    if (why === 'handler' || why === 'cursor') {
      // a bubble may listen for presses too; what reads like a sentence is words, not a choice
      const words = T.squeeze(T.text(el, 200));
      if (words.length > 60 || rect(el).height > 160 || (words.length > 16 && /[。.!！;；…]\s*$/.test(words))) return false;
      // words still being written have no end yet: choices come several at a time, or are very short
      const alike = T.parent(el) ? [...T.children(T.parent(el))].filter((k) => k !== el && k.localName === el.localName && k.className === el.className).length : 0;
      if (!alike && words.length > (css(el).cursor === 'pointer' ? 40 : 14)) return false;
      if (T.contains(el, document.activeElement) && el.querySelector && el.querySelector('textarea, input')) return false;
    }
    if (!T.shown(el) && !(el.querySelector && el.querySelector('img[alt]')) && el.localName !== 'input') return false; // copy, retry, rate: icons are no choices
    if (el.localName === 'a' && css(el).display === 'inline' && !bubbleLike(el)) {
      // a link inside prose stays part of the text; one that stands alone on its line is an option
      const p = T.parent(el);
      if (p && T.squeeze(T.text(p)) === T.squeeze(T.text(el))) return true;
      // one that leads nowhere is a button: an option where nothing follows and a gap keeps it apart from the words
      let next = el.nextSibling;
      while (next && !T.squeeze(next.textContent)) next = next.nextSibling;
      const gap = parseFloat(css(el).marginLeft) + parseFloat(css(el).paddingLeft) + parseFloat(css(el).marginRight) + parseFloat(css(el).paddingRight);
      return !next && gap >= 4 && /^(#|javascript:.*)?$/i.test(el.getAttribute('href') || '');
    }
    return true;
  };
  // words that are there for screen readers only are nobody's message
  const unseen = (el) => { const r = rect(el); return r.width <= 2 && r.height <= 2 && css(el).position === 'absolute' && css(el).overflow !== 'visible'; };
  // an icon drawn by its name (a font turns the word into one sign): much narrower than its letters
  const icon = (node) => {
    const el = node.parentNode, word = node.data.trim();
    if (!/^[a-z][a-z0-9_]{2,}$/.test(word) || !el || el.nodeType !== 1 || el.childNodes.length !== 1) return false;
    const r = rect(el), size = parseFloat(css(el).fontSize);
    return r.width > 0 && r.width <= size * 1.25 && r.height <= size * 2.2 && word.length * size * 0.3 > r.width - 1;
  };
  const wordsOf = (el) => {
    // the text without what can be pressed as an option, and those options apart
    const options = [];
    const heads = [];
    let text = '';
    let skip = null;
    const take = (node) => {
      if (text.length > 6000 || node === skip) return;
      if (node.nodeType === 3) { if (!icon(node)) text += node.data; return; }
      if (node.nodeType !== 1) return;
      const n = node.localName;
      if (n === 'script' || n === 'style' || n === 'template' || n === 'noscript' || n === 'time') return;
      if (node !== el && node.childElementCount === 0 && CLOCK.test(node.textContent.trim())) return;
      const s = css(node);
      if (s.display === 'none' || (node !== el && unseen(node))) return;
      if (node !== el && optionLike(node)) { const name = T.name(node); if (name && T.visible(node)) (T.squeeze(text) || /^(native|role)$/.test(T.clickable(node)) ? options : heads).push(name); return; }
      if (n === 'br') { text += '\n'; return; }
      if (n === 'img') { text += ' ' + (node.getAttribute('alt') || '') + ' '; return; }
      if (/^(textarea|select|input)$/.test(n)) return;
      const block = s.display !== 'inline' && s.display !== 'contents' && !s.display.startsWith('inline-');
      if (block) text += '\n';
      for (const kid of T.childNodes(node)) take(kid);
      if (block) text += '\n'; else if (s.display !== 'inline') text += ' ';
    };
    let name = '';
    const kids = [...T.children(el)].filter((k) => T.squeeze(T.text(k, 60)));
    if (kids.length >= 2 && !optionLike(kids[0])) {
      // a smaller or bolder short line above the words is whose they are
      const head = kids[0], body = kids[1];
      const hs = css(head), bs = css(body), words = T.squeeze(T.text(head, 80));
      if (words.length <= 40 && !/[。！？?!…]$/.test(words) && (parseFloat(hs.fontSize) < parseFloat(bs.fontSize) - 0.5 || parseInt(hs.fontWeight, 10) >= 600 && parseInt(bs.fontWeight, 10) < 600 && words.length <= 30 || head.localName === 'header')) name = words;
      if (name) { skip = head; }
    }
    take(el);
    text = text.split('\n').filter((line) => !CLOCK.test(line.trim())).join('\n');
    // what stands above the words and only listens for presses is whose they are
    if (!T.squeeze(text)) options.unshift(...heads); else if (!name && heads.length === 1) name = heads[0].slice(0, 40);
    return { name, text: text.replace(/[ \t\u00a0]+/g, ' ').replace(/\s*\n\s*/g, '\n').trim(), options };
  };

  const sideOf = (el, log) => {
    const r = rect(el), l = rect(log);
    const left = r.left - l.left, right = l.right - r.right;
    if (l.width < 10) return 'full';
    if (Math.abs(left - right) < l.width * 0.06) return r.width > l.width * 0.7 ? 'full' : 'centre';
    return left > right ? 'end' : 'start';
  };

  // the children a slot is given stand in its place
  const flat = (el) => [...T.children(el)].flatMap((k) => (k.localName === 'slot' ? flat(k) : [k]));

  // is a short line beside a time: whose message this is, not what it says
  const beside = (el, words) => {
    if (words.length > 40 || /[。！？?!.…]$/.test(words) || !T.parent(el)) return false;
    const r = rect(el);
    return flat(T.parent(el)).some((k) => k !== el && (k.localName === 'time' || CLOCK.test(T.squeeze(T.text(k, 40)))) && rect(k).top < r.bottom && rect(k).bottom > r.top);
  };

  // is this one message's row (face beside words, name above words), or a wrapper of several rows?
  const isRow = (el) => {
    const inner = flat(el).filter((k) => rect(k).height > 0);
    if (inner.length === 0) return true;
    if (inner.length === 1 || inner.every((k) => /^(tr|li|article|section|tbody)$/.test(k.localName))) return false;
    for (let i = 1; i < inner.length; i++) {
      const a = rect(inner[i - 1]), b = rect(inner[i]);
      if (Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > Math.min(a.height, b.height) * 0.5) return true; // side by side
    }
    const head = inner[0], family = (k) => `${k.localName}.${typeof k.className === 'string' ? k.className : ''}`;
    return inner.length <= 3 && head.childElementCount === 0 && T.squeeze(T.text(head, 80)).length <= 40 && family(head) !== family(inner[1]) && !bubbleLike(head);
  };

  // does this stand in a face: something small and round, or hidden from those who do not see
  const face = (el) => {
    for (let n = el, i = 0; n && i < 4; n = T.parent(n), i++) {
      const r = rect(n);
      if (r.width > 60 || r.height > 60) return false;
      if (n.getAttribute('aria-hidden') === 'true' || parseFloat(css(n).borderTopLeftRadius) >= r.width * 0.3) return true;
    }
    return false;
  };

  // does this say and show nothing, whatever it is built of (a scroll bar, a style sheet's wrapper)?
  const hollow = (el) => !T.squeeze(T.text(el, 60)) && !el.querySelector('img, svg, video, canvas, iframe, input, textarea') && !endless(el);

  // a bubble may listen for presses (to copy, to quote): with a face or a name beside it, and alone of its kind there,
  // it is a message and no choice
  const listens = (el, row) => {
    if (el === row || /^(native|role)$/.test(T.clickable(el)) || css(el).cursor === 'pointer' || !bubbleLike(el)) return false;
    const beside = [];
    T.walk(row, (x) => { if (x === el) return false; if (bubbleLike(x) && optionLike(x)) beside.push(x); return undefined; });
    return !beside.length && (T.squeeze(T.text(row, 300)).length > T.squeeze(T.text(el, 300)).length || !!row.querySelector('img, svg'));
  };

  // ---- the messages of a log, in document order
  const messagesOf = (log) => {
    const bubbles = [];
    const strays = [];
    let met = 0; // in the order of what is shown: across shadow roots the document knows none
    let holder = log;
    // step down through wrappers so that a long history can be cut at its end
    for (let i = 0; i < 12; i++) {
      const kids = flat(holder).filter((k) => !unseen(k) && ((k.childElementCount > 0 && !hollow(k)) || (rect(k).height > 0 && (T.squeeze(k.textContent) || k.shadowRoot || /^(img|svg|video|canvas)$/.test(k.localName) || endless(k)))));
      if (kids.length !== 1) break; // an empty thing that only keeps the others down is none
      if (bubbleLike(kids[0]) || ['p', 'span', 'a', 'button', 'li', 'tr', 'article'].includes(kids[0].localName)) break;
      if (isRow(kids[0])) break;
      holder = kids[0];
    }
    const rows = flat(holder);
    const recent = rows.length > MAX_ROWS ? rows.slice(-MAX_ROWS) : rows;
    const visit = (el, row) => {
      const n = el.localName;
      if (n === 'script' || n === 'style' || n === 'template' || n === 'svg' || n === 'textarea' || n === 'input' || n === 'select') return;
      const s = css(el);
      if (s.display === 'none' || s.visibility === 'hidden' || parseFloat(s.opacity) === 0) return;
      const r = rect(el);
      if (el !== row && optionLike(el) && !T.contains(el, log) && !listens(el, row)) { if (r.width > 0) strays.push({ el, row, met: met++, option: T.name(el), weak: !/^(native|role)$/.test(T.clickable(el)) && !bubbleLike(el) }); return; }
      if (unseen(el)) return;
      const tiny = r.width <= 60 && r.height <= 60;
      if (n === 'img') { const alt = el.getAttribute('alt'); if (alt && !tiny) strays.push({ el, row, met: met++, text: alt, image: true }); return; }
      if (bubbleLike(el) && !(tiny && T.squeeze(T.text(el)).length <= 3 && !endless(el))) {
        const inner = [];
        T.walk(el, (x) => { if (x === el) return undefined; if (optionLike(x)) return false; if (bubbleLike(x) && textIn(x) && rect(x).width > 60) { inner.push(x); return false; } return undefined; });
        if (inner.length < 2) { bubbles.push({ el, row, met: met++ }); return; }
      }
      let own = '';
      for (const kid of T.childNodes(el)) if (kid.nodeType === 3) own += kid.data;
      if (T.squeeze(own) && !bubbles.some((b) => T.contains(b.el, el))) { strays.push({ el, row, met: met++, text: null }); return; }
      for (const kid of T.children(el)) visit(kid, row);
    };
    for (const row of recent) visit(row, row);
    let own = '';
    for (const kid of T.childNodes(holder)) if (kid.nodeType === 3) own += kid.data;
    if (T.squeeze(own) && !rows.length) strays.push({ el: holder, row: holder, met: met++, text: null });

    const out = [];
    const rowsWithBubble = new Set(bubbles.map((b) => b.row));
    const order = [...bubbles.map((b) => ({ ...b, bubble: true })), ...strays];
    order.sort((a, b) => a.met - b.met);
    // what stands before the one bubble of its part of the log and only listens for presses is whose that is
    const ownerOf = ({ el, met: at }) => {
      for (let n = T.parent(el); n && n !== T.parent(log); n = T.parent(n)) {
        const inside = bubbles.filter((b) => T.contains(n, b.el));
        if (inside.length) return inside.length === 1 && at < inside[0].met ? inside[0] : null;
      }
      return null;
    };
    let last = null;
    let headed = { row: null, name: '' };
    for (const item of order) {
      if (item.bubble) {
        const w = wordsOf(item.el);
        const r = rect(item.el);
        const m = { text: w.text, options: w.options, side: sideOf(item.el, log), bubble: true, name: w.name, busy: endless(item.el) || item.el.getAttribute('aria-busy') === 'true' || !w.text && !w.options.length, at: Math.round(r.top), cls: tokens(item.el).trim().slice(0, 80), el: item.el, row: item.row };
        out.push(m); last = m;
      } else if (item.weak && ownerOf(item)) {
        const mate = ownerOf(item);
        mate.aside = T.squeeze(`${mate.aside || ''} ${item.option}`);
      } else if (item.option !== undefined) {
        const host = last && (last.row === item.row || !rowsWithBubble.has(item.row)) ? last : last;
        if (host) { if (item.option && !host.options.includes(item.option)) host.options.push(item.option); }
        else if (item.option) { last = { text: '', options: [item.option], side: 'start', bubble: false, name: '', busy: false, at: 0, cls: '', el: item.el, row: item.row }; out.push(last); }
      } else {
        const w = item.text !== null && item.text !== undefined ? { text: item.text, options: [] } : wordsOf(item.el);
        if (!w.text && !w.options.length) continue;
        const er = rect(item.el);
        if (w.text.length <= 3 && er.width <= 60 && er.height <= 60 && !w.options.length && face(item.el)) continue; // an avatar's letter
        const withBubble = bubbles.length && (rowsWithBubble.has(item.row));
        const close = () => bubbles.some((b) => { if (b.row !== item.row) return false; const q = rect(b.el); return (er.bottom <= q.top + 8 && q.top - er.bottom < 24 && Math.min(Math.abs(er.left - q.left), Math.abs(er.right - q.right)) < 64) || (er.bottom > q.top && er.top < q.bottom && (er.right <= q.left + 4 || er.left >= q.right - 4)) || (er.top >= q.bottom - 8 && er.top - q.bottom < 20 && er.height < 24); });
        // a row of one bubble is one message and what is short in it its name or time; a sentence is neither
        const alone = rows.length > 1 && bubbles.filter((b) => b.row === item.row).length === 1 && !/.{12}[.。!！?？…]$/.test(w.text);
        if (withBubble && w.text.length <= 40 && (alone || close())) {
          // a name or a time beside the bubble
          const mate = bubbles.find((b) => b.row === item.row);
          if (mate) { const m = out.find((o) => o.el === mate.el); if (m) m.name = T.squeeze(`${m.name} ${w.text}`).slice(0, 80); else mate.aside = T.squeeze(`${mate.aside || ''} ${w.text}`); }
          continue;
        }
        if (!bubbles.length && item.row !== holder && !w.options.length && beside(item.el, w.text)) { headed = { row: item.row, name: w.text }; continue; }
        // parts of one plain row (no bubble anywhere in it) are one message
        if (last && !last.bubble && last.row === item.row && item.row !== holder && (rows.length > 1 || isRow(item.row))) { last.text = (last.text + '\n' + w.text).trim(); last.options.push(...w.options); continue; }
        const m = { text: w.text, options: w.options, side: sideOf(item.el, log), bubble: false, name: headed.row === item.row ? headed.name : '', busy: endless(item.el), at: Math.round(rect(item.el).top), cls: tokens(item.row).trim().slice(0, 80), el: item.el, row: item.row };
        out.push(m); last = m;
      }
    }
    for (const b of bubbles) if (b.aside) { const m = out.find((o) => o.el === b.el); if (m) m.name = T.squeeze(`${b.aside} ${m.name}`).slice(0, 80); }
    return { list: out, holder, bubbles: bubbles.length, cut: rows.length > recent.length ? rows.length - recent.length : 0 };
  };

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
      if (role === 'contentinfo') { give(-2, 'footer'); break; }
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
        const asks = spoken.length >= 2 && spoken.every(side) && !!last && last.options.length >= 2;
        if (role === 'log' ? texts.length : texts.length && talk.bubbles && (named || asks || (sided && floats(el)))) { found.push({ el, talk, score: role === 'log' ? 5 : named || floats(el) ? 3 : 2 }); return false; }
      }
      return undefined;
    });
    return found.sort((a, b) => b.score - a.score)[0] || null;
  };

  let version = 0;
  let cache = null;
  let adopted = null;
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
      if (el.readOnly || !T.visible(el)) continue;
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
    if (best) {
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
  const dialogs = (c) => [...document.querySelectorAll('dialog[open], [role=dialog], [role=alertdialog], [aria-modal=true]')].filter((el) => T.visible(el) && !(c.log && T.contains(el, c.log)) && !(c.anyBox && T.contains(el, c.anyBox))).length;

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
      messages: talk.list.filter((m) => m.text || m.options.length || m.busy).map((m) => ({ text: m.text.slice(0, 6000), options: m.options.slice(0, 60), side: m.side, bubble: m.bubble, name: m.name, busy: m.busy, cls: m.cls, marks: m.el ? marksOf(m.el, c.log) : '' })),
    };
  };
  T.beat = () => { const c = T.conversation(); return [version, T.quiet(), document.readyState, !!(c && c.box)]; };
  // the floating panel the conversation stands in, null when it is part of the page
  T.panel = () => { const c = T.conversation(); if (!c) return null; const p = floats(c.anyBox || c.log); return p && rect(p).width < window.innerWidth * 0.9 ? p : null; };
  T.boxElement = () => { const c = T.conversation(); return c ? c.box : null; };
})();
