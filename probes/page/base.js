// The ground floor of the agent in the page: kept primordials, shadow roots (closed ones too), the composed tree,
// role, accessible name, visibility, what makes an element pressable, what scrolls or floats. Facts only; nothing is pressed or counted here.
(() => {
  if (window.__tohuman) return;
  const T = {};
  Object.defineProperty(window, '__tohuman', { value: T, enumerable: false, configurable: false, writable: false });

  // ---- what the page may change later is kept now
  const add = EventTarget.prototype.addEventListener;
  const attach = Element.prototype.attachShadow;
  T.native = {
    addEventListener: add,
    setTimeout: window.setTimeout.bind(window),
    clearTimeout: window.clearTimeout.bind(window),
    MutationObserver: window.MutationObserver,
    now: performance.now.bind(performance),
    getComputedStyle: window.getComputedStyle.bind(window),
    requestAnimationFrame: window.requestAnimationFrame.bind(window),
    stringify: JSON.stringify.bind(JSON),
  };
  // components overlay these on single elements to hide their own parts; the tree as it is, is read
  const own = (proto, name) => { const { get } = Object.getOwnPropertyDescriptor(proto, name); return (node) => Reflect.apply(get, node, []); };
  const childrenOf = own(Element.prototype, 'children');
  const nodesOf = own(Node.prototype, 'childNodes');
  const parentOf = own(Node.prototype, 'parentNode');
  const css = T.native.getComputedStyle;
  // what reading stands on, tried out: a page that has replaced it may show anything or nothing
  T.tampered = () => {
    try {
      return !([1, 2].map((x) => x + 1)[1] === 3 && [1, 2].filter((x) => x > 1).length === 1 && [1, 2].slice(1)[0] === 2 && [1].concat([2]).length === 2 &&
        JSON.stringify({ a: 1 }) === '{"a":1}' && ' a '.trim() === 'a' && 'ab'.replace('a', 'c') === 'cb' && document.querySelectorAll('html').length === 1 &&
        (window.innerWidth === 0 || document.documentElement.getBoundingClientRect().width > 0));
    } catch (e) { return true; }
  };

  // What the agent says carries a word only it knows, through the binding as it was before the page could change it:
  // a page that forges messages is not believed. counter.js takes T.emit away from the page at its end.
  const word = '__WORD__';
  let send = window.__tohuman_emit;
  // what carries it can no longer be taken away or replaced
  for (const name of Object.getOwnPropertyNames(window)) {
    if (name !== '__tohuman_emit' && !(name.startsWith('__playwright') && typeof window[name] === 'function')) continue;
    try { Object.defineProperty(window, name, { value: window[name], writable: false, configurable: false }); } catch (e) { /* as it is then */ }
  }
  T.emit = (type, payload) => {
    if (typeof send !== 'function') send = window.__tohuman_emit;
    if (typeof send !== 'function') return;
    try {
      Promise.resolve(send({ type, payload, word, url: location.href, top: window === window.top })).catch(() => {});
    } catch (e) { /* the frame is going away; nobody is left to tell */ }
  };

  // ---- shadow roots: open ones are found by walking, closed ones are remembered when they are made
  const closed = new WeakMap();
  const roots = new Set();
  const rootCallbacks = [];
  const noteRoot = (host, root) => {
    if (roots.has(root)) return;
    roots.add(root);
    if (root.mode === 'closed') closed.set(host, root);
    for (const cb of rootCallbacks) { try { cb(root); } catch (e) { /* one listener must not stop the others */ } }
  };
  Element.prototype.attachShadow = new Proxy(attach, {
    apply(target, self, args) {
      const root = Reflect.apply(target, self, args);
      noteRoot(self, root);
      return root;
    },
  });
  T.noteRoot = noteRoot;
  T.rootOf = (el) => {
    const root = el.shadowRoot || closed.get(el) || null;
    if (root && !roots.has(root)) noteRoot(el, root);
    return root;
  };
  T.roots = () => [...roots].filter((r) => r.host && r.host.isConnected);
  T.onRoot = (cb) => { rootCallbacks.push(cb); for (const r of roots) cb(r); };

  // ---- elements made pressable by script
  const handled = new WeakSet();
  const PRESS = new Set(['click', 'mousedown', 'mouseup', 'pointerdown', 'pointerup', 'touchstart', 'touchend']);
  EventTarget.prototype.addEventListener = new Proxy(add, {
    apply(target, self, args) {
      if (self instanceof Element && PRESS.has(args[0])) handled.add(self);
      return Reflect.apply(target, self === undefined || self === null ? window : self, args);
    },
  });
  T.handles = (el) => handled.has(el);
  // an ancestor listens for presses on behalf of what it holds (the page's body at most)
  T.listenedFor = (el) => { for (let n = T.parent(el), i = 0; n && n !== document.documentElement && i < 14; n = T.parent(n), i++) if (handled.has(n)) return true; return false; };
  const frameworkHandler = (el) => {
    for (const key of Object.keys(el)) {
      if (key.startsWith('__reactProps$') || key.startsWith('__reactEventHandlers$')) {
        const p = el[key];
        if (p && (p.onClick || p.onMouseDown || p.onPointerDown || p.onMouseUp || p.onTouchStart)) return true;
      }
    }
    const vue = el._vei;
    return !!(vue && (vue.onClick || vue.onMousedown || vue.onPointerdown));
  };
  const hasHandler = (el) => handled.has(el) || !!(el.onclick || el.onmousedown || el.onpointerdown) || frameworkHandler(el);

  // ---- the composed tree
  T.parent = (node) => {
    if (!node) return null;
    if (node.assignedSlot) return node.assignedSlot;
    const p = parentOf(node);
    if (!p) return null;
    if (p.nodeType === 11) return p.host || null;
    return p.nodeType === 1 ? p : null;
  };
  T.contains = (outer, node) => {
    for (let n = node; n; n = T.parent(n)) if (n === outer) return true;
    return false;
  };
  T.children = (el) => {
    const root = T.rootOf(el);
    if (root) return root.children;
    if (el.localName === 'slot') {
      const given = el.assignedElements();
      if (given.length) return given;
    }
    return childrenOf(el);
  };
  T.childNodes = (el) => {
    const root = T.rootOf(el);
    if (root) return root.childNodes;
    if (el.localName === 'slot') {
      const given = el.assignedNodes();
      if (given.length) return given;
    }
    return nodesOf(el);
  };
  // depth first over the composed tree; visit(el) === false skips what is below
  T.walk = (start, visit) => {
    const stack = [start];
    let guard = 0;
    while (stack.length && guard++ < 200000) {
      const el = stack.pop();
      if (visit(el) === false) continue;
      const kids = T.children(el);
      for (let i = kids.length - 1; i >= 0; i--) stack.push(kids[i]);
    }
  };
  T.active = () => {
    let el = document.activeElement;
    while (el) {
      const root = T.rootOf(el);
      if (root && root.activeElement) el = root.activeElement; else break;
    }
    return el;
  };

  // ---- visibility, as a person would see it
  const viewport = () => ({ w: window.innerWidth, h: window.innerHeight });
  // what is seen and pressed of it: itself, or the largest part of what it holds where it has no size of its own
  T.body = (el) => {
    for (let n = el, i = 0; n && i < 4; i++) {
      const own = n.getBoundingClientRect();
      if (own.width >= 1 && own.height >= 1) return n;
      let most = 0, next = null;
      for (const kid of T.children(n)) { const k = kid.getBoundingClientRect(); if (k.width * k.height > most || !next) { most = k.width * k.height; next = kid; } }
      n = next;
    }
    return el;
  };
  T.box = (el) => {
    const r = T.body(el).getBoundingClientRect();
    return { x: r.left, y: r.top, w: r.width, h: r.height };
  };
  // does it hang on something fixed to the window, with nothing between that scrolls? then no scrolling brings it into sight
  const pins = new WeakMap();
  const pinned = (el) => {
    const up = T.parent(el);
    if (css(el).position === 'fixed') return true;
    if (!up || up.nodeType !== 1) return false;
    const known = pins.get(up), now = T.native.now();
    if (known && now - known.at < 100) return known.is;
    let is = false;
    for (let n = up, i = 0; n && n.nodeType === 1 && i < 60; n = T.parent(n), i++) {
      const s = css(n);
      if (/auto|scroll/.test(s.overflowY + s.overflowX) && (n.scrollHeight > n.clientHeight || n.scrollWidth > n.clientWidth)) break;
      if (s.position === 'fixed') { is = true; break; }
    }
    pins.set(up, { at: now, is });
    return is;
  };
  // has something between it and the page been scrolled on (by the browser, or by a script that moves what it holds)?
  const scrolledPast = (el) => {
    for (let n = T.parent(el), i = 0; n && n.nodeType === 1 && n !== document.body && n !== document.documentElement && i < 60; n = T.parent(n), i++) {
      if (n.scrollTop > 0 || n.scrollLeft !== 0) return true;
      const lifted = /^matrix\(1, 0, 0, 1, 0, -/.test(css(n).transform), up = lifted ? T.parent(n) : null;
      if (up && /hidden|clip/.test(css(up).overflowY) && n.offsetHeight > up.clientHeight) return true;
    }
    return false;
  };
  // does it stand further along in a strip that can be scrolled sidewise?
  const along = (el) => {
    for (let n = T.parent(el), i = 0; n && n.nodeType === 1 && n !== document.body && n !== document.documentElement && i < 12; n = T.parent(n), i++) {
      if (n.scrollWidth > n.clientWidth + 1 && /auto|scroll/.test(css(n).overflowX)) { const q = n.getBoundingClientRect(); return q.left < window.innerWidth && q.right > 0; }
    }
    return false;
  };
  T.visible = (el) => {
    if (!el || !el.isConnected) return false;
    if (el.checkVisibility && !el.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: false })) return false;
    const r = el.getBoundingClientRect();
    if (r.width < 1 || r.height < 1) {
      if (css(el).display !== 'contents' && css(el).overflow !== 'visible') return false;
      let seen = false;
      for (const kid of T.children(el)) { const k = kid.getBoundingClientRect(); if (k.width >= 1 && k.height >= 1) { seen = true; break; } }
      return seen;
    }
    // moved out of every reachable place (screen-reader-only text, closed drawers); below the fold is reachable
    const top = r.bottom + window.scrollY, left = r.right + window.scrollX;
    if ((top <= 0 || left <= 0) && !scrolledPast(el)) return false;
    const beside = r.left >= window.innerWidth || r.right <= 0;
    if (r.left >= Math.max(document.documentElement.scrollWidth, window.innerWidth) && !along(el)) return false;
    const s = css(el);
    if ((beside || r.top >= window.innerHeight || r.bottom <= 0) && pinned(el) && !(beside && along(el))) return false;
    if (/inset\(50%\)|rect\((0|1)px,? (0|1)px,? (0|1)px,? (0|1)px\)/.test(s.clipPath + ' ' + s.clip) && r.width <= 2) return false;
    return true;
  };
  T.disabled = (el) => !!el.disabled || el.getAttribute('aria-disabled') === 'true' || !!(el.closest && el.closest('fieldset[disabled]')) || el.inert === true;

  // ---- role and name (the parts of ARIA a pressable thing needs)
  const INPUT_ROLE = { button: 'button', submit: 'button', reset: 'button', image: 'button', checkbox: 'checkbox', radio: 'radio', range: 'slider', search: 'searchbox', file: 'file', hidden: '', color: 'field', date: 'date', time: 'date', month: 'date', week: 'date', 'datetime-local': 'date', number: 'spinbutton' };
  T.role = (el) => {
    const given = (el.getAttribute('role') || '').trim().split(/\s+/)[0].toLowerCase();
    if (given && given !== 'none' && given !== 'presentation' && given !== 'generic') return given;
    switch (el.localName) {
      case 'a': case 'area': return el.hasAttribute('href') ? 'link' : '';
      case 'button': return 'button';
      case 'summary': return 'button';
      case 'select': return el.multiple ? 'listbox' : 'combobox';
      case 'textarea': return 'textbox';
      case 'input': { const t = (el.type || 'text').toLowerCase(); return t in INPUT_ROLE ? INPUT_ROLE[t] : 'textbox'; }
      case 'label': return 'label';
      case 'option': return 'option';
      case 'nav': return 'navigation';
      case 'main': return 'main';
      case 'header': return 'banner';
      case 'footer': return 'contentinfo';
      case 'aside': return 'complementary';
      case 'article': return 'article';
      case 'dialog': return 'dialog';
      case 'img': case 'svg': return 'img';
      case 'form': return 'form';
      default: return el.isContentEditable && el.getAttribute('contenteditable') !== null && el.getAttribute('contenteditable') !== 'false' ? 'textbox' : '';
    }
  };
  const squeeze = (s) => (s || '').replace(/[\s\u00a0\u200b-\u200f\u2060\ufeff]+/g, ' ').trim();
  T.squeeze = squeeze;
  // a picture made of a word: icon fonts draw «forum» or «keyboard_arrow_down» as one sign, which nobody reads; the
  // first font counts, as the system's own stacks end in «Segoe UI Symbol»
  const LIGATURE = /^[a-z][a-z0-9_]{1,40}$/;
  const drawn = (node, s) => node.firstChild && node.firstChild === node.lastChild && node.firstChild.nodeType === 3 && LIGATURE.test(node.firstChild.data.trim()) && (/icon|symbol/i.test(s.fontFamily.split(',')[0]) || (node.localName === 'i' && node.getAttribute('aria-hidden') === 'true'));
  // what is folded away: the part of a closed disclosure below its title, a panel without height
  const folded = (node, s) => {
    const holder = T.parent(node);
    if (holder && holder.localName === 'details' && !holder.open && node.localName !== 'summary') return true;
    return s.contentVisibility === 'hidden' || ((s.overflowY === 'hidden' || s.overflowY === 'clip') && node.clientHeight === 0 && s.display !== 'inline' && s.display !== 'contents' && node.getBoundingClientRect().height < 1);
  };
  // the text a person reads in an element, shadow trees and slots included; images by their alternative text
  T.text = (el, limit = 400) => {
    let out = '';
    const take = (node) => {
      if (out.length >= limit) return;
      if (node.nodeType === 3) {
        // the white space between a component's parts says nothing, and would use up the limit
        const words = node.data.replace(/^\s+|\s+$/g, ' ');
        out += words === ' ' && (!out || /\s$/.test(out)) ? '' : words;
        return;
      }
      if (node.nodeType !== 1) return;
      const tag = node.localName;
      if (tag === 'script' || tag === 'style' || tag === 'noscript' || tag === 'template' || tag === 'select') return;
      if (tag === 'br') { out += '\n'; return; }
      if (tag === 'img' || (tag === 'svg' && !node.textContent)) { out += ' ' + (node.getAttribute('alt') || node.getAttribute('aria-label') || '') + ' '; return; }
      if (tag === 'input') { if (/^(button|submit|reset)$/.test(node.type)) out += ' ' + node.value + ' '; return; }
      if (tag === 'textarea') return;
      const s = css(node);
      if (s.display === 'none' || drawn(node, s) || folded(node, s)) return;
      const block = s.display !== 'inline' && s.display !== 'contents' && s.display !== 'inline-block' && s.display !== 'inline-flex';
      if (block) out += '\n';
      else if (s.display !== 'inline') out += ' ';
      for (const kid of T.childNodes(node)) {
        if (kid.nodeType === 3 && s.visibility === 'hidden') continue;
        take(kid);
      }
      if (block) out += '\n';
      else if (s.display !== 'inline') out += ' ';
    };
    take(el);
    return out.slice(0, limit);
  };
  // the words shown on a control; what a slot in it is given is no part of innerText
  T.shown = (el) => {
    const own = T.squeeze(el.innerText || '');
    if (own || !el.querySelectorAll) return own;
    const given = [...el.querySelectorAll('slot')].flatMap((slot) => slot.assignedNodes({ flatten: true }));
    return T.squeeze(given.map((node) => (node.nodeType === 3 ? node.data : node.innerText || '')).join(' '));
  };
  // the title of a card: the first of the lines in which its words stand, '' when there is one line only
  T.lead = (el) => {
    if (!el.childElementCount) return '';
    const lines = (el.innerText || '').split('\n').map(T.squeeze).filter((line) => /\p{L}/u.test(line));
    return lines.length > 1 ? lines[0].slice(0, 120) : '';
  };
  const byIds = (el, attr) => {
    const ids = (el.getAttribute(attr) || '').split(/\s+/).filter(Boolean);
    const scope = el.getRootNode();
    return squeeze(ids.map((id) => { const t = scope.getElementById ? scope.getElementById(id) : null; return t ? T.text(t) : ''; }).join(' '));
  };
  T.name = (el) => {
    let n = byIds(el, 'aria-labelledby') || squeeze(el.getAttribute('aria-label'));
    if (!n && el.labels && el.labels.length && !/^(button|submit|reset|hidden)$/.test(el.type || '')) n = squeeze([...el.labels].map((l) => T.text(l)).join(' '));
    if (!n && el.localName === 'input' && /^(button|submit|reset)$/.test(el.type)) n = squeeze(el.value);
    if (!n && (el.localName === 'img' || (el.localName === 'input' && el.type === 'image'))) n = squeeze(el.getAttribute('alt'));
    if (!n && !/^(input|textarea|select)$/.test(el.localName)) {
      n = squeeze(T.text(el));
      if (!n) { const t = el.querySelector && el.querySelector('svg title, [aria-label], img[alt], [title]'); if (t) n = squeeze(t.getAttribute('aria-label') || t.getAttribute('alt') || t.getAttribute('title') || t.textContent); }
    }
    if (!n) n = squeeze(el.getAttribute('title')) || squeeze(el.getAttribute('placeholder')) || squeeze(el.getAttribute('aria-placeholder')) || squeeze(el.getAttribute('data-placeholder'));
    return n.slice(0, 200);
  };

  // ---- may it be pressed, and what says so
  const PRESSABLE = new Set(['button', 'link', 'menuitem', 'menuitemradio', 'menuitemcheckbox', 'tab', 'option', 'switch', 'treeitem', 'checkbox', 'radio', 'combobox', 'gridcell']);
  T.fieldRole = (el) => {
    const r = T.role(el);
    return r === 'radio' || r === 'checkbox' || r === 'combobox' || r === 'listbox' || r === 'date' || r === 'slider' || r === 'spinbutton' || r === 'textbox' || r === 'searchbox' || r === 'file' || r === 'field';
  };
  T.clickable = (el) => {
    const tag = el.localName;
    if (tag === 'a' && el.hasAttribute('href')) return 'native';
    if (tag === 'button' || tag === 'summary' || tag === 'area') return 'native';
    if (tag === 'input' && /^(button|submit|reset|image)$/.test(el.type)) return 'native';
    const role = (el.getAttribute('role') || '').trim().split(/\s+/)[0].toLowerCase();
    if (PRESSABLE.has(role)) return 'role';
    if (el === document.body || el === document.documentElement) return '';
    if (hasHandler(el)) return 'handler';
    const s = css(el);
    if (s.cursor === 'pointer') {
      const p = T.parent(el);
      if (!p || css(p).cursor !== 'pointer') return 'cursor';
      // where the whole page has the hand, as some frameworks do for phones, a link without an address is told by its tag
      if (tag === 'a' && css(document.documentElement).cursor === 'pointer') return 'cursor';
    }
    if (el.hasAttribute('tabindex') && el.tabIndex >= 0 && !T.fieldRole(el)) return 'tabindex';
    return '';
  };

  // ---- the shape of things
  T.tokens = (el) => `${el.id || ''} ${typeof el.className === 'string' ? el.className : ''} ${el.getAttribute('data-testid') || ''}`;
  T.rect = (el) => el.getBoundingClientRect();
  // by the browser, or by a script that moves what it holds up and down
  const moved = (el) => { const k = el.childElementCount === 1 ? el.firstElementChild : null; return !!k && /^matrix\(1, 0, 0, 1, 0, /.test(css(k).transform) && Math.abs(k.offsetWidth - el.clientWidth) <= 20 && k.offsetHeight >= el.clientHeight / 2; };
  // a dialog over it locks what scrolls
  const rolled = new WeakSet();
  T.scrolls = (el) => {
    const o = css(el).overflowY;
    if (o === 'auto' || o === 'scroll' || o === 'overlay') { rolled.add(el); return true; }
    return (o === 'hidden' || o === 'clip') && (moved(el) || rolled.has(el) || (el.scrollTop > 0 && el.scrollHeight > el.clientHeight + 40));
  };
  T.floats = (el) => { for (let n = el; n && n !== document.body; n = T.parent(n)) { const p = css(n).position; if (p === 'fixed' || p === 'sticky') return n; const r = T.role(n); if (r === 'dialog' || r === 'complementary') return n; } return null; };
  T.hasText = (el) => T.squeeze(T.text(el, 300)).length > 0;

  T.viewport = viewport;
  T.conversation = () => null; // conversation.js puts the real one here
})();
