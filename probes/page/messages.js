// The messages of a log: what looks like a bubble, what in it are words, choices and names, and in which order they stand.
// Where the log is, conversation.js finds; what a message means is read in Python.
(() => {
  const T = window.__tohuman;
  const css = T.native.getComputedStyle;
  const { rect, tokens, hasText: textIn } = T;
  const MAX_ROWS = 240;
  const CLOCK = /^\D{0,12}\d{1,2}[:.：]\d{2}([:.：]\d{2})?\s*([ap]\.?m\.?)?\D{0,3}$/i;

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
  // room around the words: of the bubble's own, or between its edge and the first of them, whatever makes it
  const roomy = (el, s) => {
    if (parseFloat(s.paddingLeft) >= 4 || parseFloat(s.paddingTop) >= 4) return true;
    const words = firstWords(el);
    if (!words) return false;
    const range = document.createRange();
    range.selectNodeContents(words);
    const r = rect(el), q = range.getClientRects()[0];
    return !!q && q.width > 0 && (q.left - r.left >= 4 || r.right - q.right >= 4) && q.top >= r.top && q.bottom <= r.bottom;
  };
  const firstWords = (el) => {
    let found = null;
    T.walk(el, (x) => {
      if (found) return false;
      for (const k of x.childNodes) if (k.nodeType === 3 && k.data.trim()) { found = k; return false; }
      return undefined;
    });
    return found;
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
  // a link to another page, or to another view of one that keeps its views behind a «#/»: an answer to read, no choice
  const leaves = (el) => {
    if (el.localName !== 'a' || !/^https?:/.test(el.href)) return false;
    const [to, view] = el.href.split('#'), [here, now] = location.href.split('#');
    return to !== here || /^[/!]/.test(view || '') && view !== now;
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
  // the number that a list draws before its entry is read like its words: one may be asked to write it
  const numberOf = (el, s) => {
    const list = el.localName === 'li' && T.parent(el);
    if (!list || list.localName !== 'ol' || s.display !== 'list-item' || !s.listStyleType.startsWith('decimal')) return '';
    return `${el.hasAttribute('value') ? el.value : list.start + [...T.children(list)].filter((k) => k.localName === 'li').indexOf(el)}. `;
  };
  // words shown one by one, each in an element of its own, run on in one line
  const spun = (a, b) => !!a && a.localName === b.localName && a.className === b.className && T.parent(a) === T.parent(b) && css(b).display.startsWith('inline');
  const wordsOf = (el) => {
    // the text without what can be pressed as an option, and those options apart
    const options = [];
    const heads = [];
    let text = '', away = 0;
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
      if (node !== el && optionLike(node)) { const name = T.name(node); away += Number(leaves(node)); if (name && T.visible(node)) (T.squeeze(text) || /^(native|role)$/.test(T.clickable(node)) ? options : heads).push(name); return; }
      if (n === 'br') { text += '\n'; return; }
      if (n === 'img') { text += ' ' + (node.getAttribute('alt') || '') + ' '; return; }
      if (/^(textarea|select|input)$/.test(n)) return;
      const block = s.display !== 'inline' && s.display !== 'contents' && !s.display.startsWith('inline-');
      if (block) text += '\n';
      text += numberOf(node, s);
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
    return { name, text: text.replace(/[ \t\u00a0]+/g, ' ').replace(/\s*\n\s*/g, '\n').trim(), options, away };
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

  // a part of the log that is a list of messages itself (one list between two sets of choices): its entries are the rows
  const unfolded = (el) => {
    const entry = (k) => /^(listitem|article|row)$/.test(k.getAttribute('role') || '');
    for (let n = el, i = 0; i < 4 && !optionLike(n); i++) {
      const kids = flat(n).filter((k) => rect(k).height > 0 && !unseen(k));
      if (kids.length && kids.every((k) => entry(k) && !optionLike(k))) return kids;
      if (kids.length !== 1 || bubbleLike(kids[0])) break;
      n = kids[0];
    }
    return [el];
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

  // rows from top to bottom: some lists keep the newest first and are drawn upside down
  const asShown = (rows) => {
    const tops = rows.map(rect).filter((r) => r.height > 0).map((r) => r.top);
    const up = tops.filter((top, i) => i && top < tops[i - 1]).length;
    return up * 2 > tops.length - 1 ? [...rows].reverse() : rows;
  };

  // does it hold several things with words that are alike by their element and their first class?
  const listOf = (el) => {
    const kinds = flat(el).filter((k) => T.squeeze(k.textContent)).map((k) => `${k.localName}.${tokens(k).trim().split(/\s+/)[0] || ''}`);
    return kinds.length >= 2 && kinds[0] === kinds[1];
  };

  // ---- the messages of a log, in the order in which they are shown
  const messagesOf = (log) => {
    const bubbles = [];
    const strays = [];
    let met = 0; // in the order of what is shown: across shadow roots the document knows none
    let holder = log;
    // step down through wrappers so that a long history can be cut at its end
    for (let i = 0; i < 12; i++) {
      const kids = flat(holder).filter((k) => !unseen(k) && ((k.childElementCount > 0 && !hollow(k)) || (rect(k).height > 0 && (T.squeeze(k.textContent) || k.shadowRoot || /^(img|svg|video|canvas)$/.test(k.localName) || endless(k)))));
      const told = kids.filter((k) => T.squeeze(T.text(k, 60))); // a sign of work may stand below the list of messages
      const only = kids.length === 1 ? kids[0] : told.length === 1 && kids.length === 2 && listOf(told[0]) ? told[0] : null;
      if (!only) break; // an empty thing that only keeps the others down is none
      if (bubbleLike(only) || ['p', 'span', 'a', 'button', 'li', 'tr', 'article'].includes(only.localName)) break;
      if (isRow(only)) break;
      holder = only;
    }
    const rows = asShown(flat(holder).flatMap(unfolded));
    const recent = rows.length > MAX_ROWS ? rows.slice(-MAX_ROWS) : rows;
    const visit = (el, row) => {
      const n = el.localName;
      if (n === 'script' || n === 'style' || n === 'template' || n === 'svg' || n === 'textarea' || n === 'input' || n === 'select') return;
      const s = css(el);
      if (s.display === 'none' || s.visibility === 'hidden' || parseFloat(s.opacity) === 0) return;
      const r = rect(el);
      if ((el !== row || /^(button|a)$/.test(n)) && optionLike(el) && !T.contains(el, log) && !listens(el, row)) { if (r.width > 0) strays.push({ el, row, met: met++, option: T.name(el), weak: !/^(native|role)$/.test(T.clickable(el)) && !bubbleLike(el) }); return; }
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
        const m = { text: w.text, options: w.options, away: w.away, side: sideOf(item.el, log), bubble: true, name: w.name, busy: endless(item.el) || item.el.getAttribute('aria-busy') === 'true' || !w.text && !w.options.length, at: Math.round(r.top), cls: tokens(item.el).trim().slice(0, 80), el: item.el, row: item.row };
        out.push(m); last = m;
      } else if (item.weak && ownerOf(item)) {
        const mate = ownerOf(item);
        mate.aside = T.squeeze(`${mate.aside || ''} ${item.option}`);
      } else if (item.option !== undefined) {
        if (last) { if (item.option && !last.options.includes(item.option)) { last.options.push(item.option); last.away += Number(leaves(item.el)); } }
        else if (item.option) { last = { text: '', options: [item.option], away: Number(leaves(item.el)), side: 'start', bubble: false, name: '', busy: false, at: 0, cls: '', el: item.el, row: item.row }; out.push(last); }
      } else {
        const w = item.text !== null && item.text !== undefined ? { text: item.text, options: [], away: 0 } : wordsOf(item.el);
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
        if (last && !last.bubble && last.row === item.row && item.row !== holder && (rows.length > 1 || isRow(item.row))) { last.text = (last.text + (spun(last.tail, item.el) ? ' ' : '\n') + w.text).trim(); last.tail = item.el; last.options.push(...w.options); last.away += w.away; continue; }
        const m = { text: w.text, options: w.options, away: w.away, side: sideOf(item.el, log), bubble: false, name: headed.row === item.row ? headed.name : '', busy: endless(item.el), at: Math.round(rect(item.el).top), cls: tokens(item.row).trim().slice(0, 80), el: item.el, row: item.row, tail: item.el };
        out.push(m); last = m;
      }
    }
    for (const b of bubbles) if (b.aside) { const m = out.find((o) => o.el === b.el); if (m) m.name = T.squeeze(`${b.aside} ${m.name}`).slice(0, 80); }
    return { list: out, holder, bubbles: bubbles.length, cut: rows.length > recent.length ? rows.length - recent.length : 0 };
  };

  Object.assign(T, { messagesOf, endless, moving });
})();
