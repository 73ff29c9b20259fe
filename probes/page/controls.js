// One pass over this frame: every control a person could press, the overlays, the forms, and the text of the view.
// Facts only (role, name, place, size, what surrounds it); which control to press is decided in Python.
(() => {
  const T = window.__tohuman;
  const css = T.native.getComputedStyle;
  const rect = (el) => el.getBoundingClientRect();
  const MAX_CONTROLS = 12000;
  let seen = [];
  const ids = new WeakMap();
  let nextId = 1;
  const idOf = (el) => { let i = ids.get(el); if (!i) { i = nextId++; ids.set(el, i); seen[i] = new WeakRef(el); } return i; };
  T.element = (id) => { const r = seen[id]; return r ? r.deref() || null : null; };
  T.idOf = idOf;

  const REGION = { banner: 'header', navigation: 'nav', main: 'main', contentinfo: 'footer', article: 'article', complementary: 'aside', dialog: 'dialog', alertdialog: 'dialog', search: 'search', menu: 'menu', menubar: 'menu' };
  const fixedAncestor = (el) => {
    for (let n = el; n && n !== document.documentElement; n = T.parent(n)) { const p = css(n).position; if (p === 'fixed') return n; }
    return null;
  };
  const TYPED = /^(text|email|tel|url|password|number|search|date|textarea)$/;
  const holdsField = (el) => {
    let held = false, other = false;
    T.walk(el, (x) => {
      if (x === el) return undefined;
      held = held || (/^(input|textarea)$/.test(x.localName) && TYPED.test(x.type || 'text') && T.visible(x));
      other = other || x.localName === 'a' || x.localName === 'nav';
      return other ? false : undefined;
    });
    return held && !other && rect(el).height <= 240;
  };
  // has something been chosen in a list, or does its first entry only ask to choose?
  const listed = (el) => {
    const at = el.options[el.selectedIndex];
    const asks = el.selectedIndex === 0 && !at.hasAttribute('value') && el.options.length > 1 && el.options[1].hasAttribute('value');
    return !!at && !!at.value && !at.disabled && !asks;
  };
  const kindOfField = (el) => {
    const t = (el.getAttribute('type') || el.localName).toLowerCase();
    if (t === 'password' || t === 'email' || t === 'tel' || t === 'file' || t === 'checkbox' || t === 'radio' || t === 'date') return t;
    const auto = (el.getAttribute('autocomplete') || '').toLowerCase();
    if (/(^|\s)(name|given-name|family-name|nickname)$/.test(auto)) return 'name';
    if (/email/.test(auto)) return 'email';
    if (/tel/.test(auto)) return 'tel';
    if (/one-time-code|current-password|username/.test(auto)) return 'password';
    const key = `${el.getAttribute('name') || ''} ${el.id || ''}`.toLowerCase();
    if (/e-?mail/.test(key)) return 'email';
    if (/phone|mobile|(^|[^a-z])tel([^a-z]|$)/.test(key)) return 'tel';
    if (t === 'select') return 'select';
    return t === 'textarea' ? 'textarea' : 'text';
  };
  const WORD = /[\p{L}\p{N}]/u;
  // the part of a form that is this field's alone: its label, its hints, its error
  const cellOf = (el) => {
    let cell = el;
    for (let n = T.parent(el), i = 0; n && i < 6; n = T.parent(n), i++) {
      if (/^(form|body|html|main|section|dialog)$/.test(n.localName)) break;
      let other = false;
      T.walk(n, (x) => { if (other) return false; if (x !== el && (/^(input|select|textarea)$/.test(x.localName) || T.fieldRole(x) || (x.localName === 'button' && WORD.test(T.text(x, 20)))) && x.type !== 'hidden' && T.visible(x)) other = true; return undefined; });
      if (other) break;
      cell = n;
    }
    return cell;
  };
  // in a flat form, where fields and words follow one another: what stands between this field and the one before
  const before = (el) => {
    let words = '';
    for (let p = el.previousSibling, i = 0; p && i < 8; p = p.previousSibling, i++) {
      if (p.nodeType === 1 && (/^(input|select|textarea|button)$/.test(p.localName) || (p.querySelector && p.querySelector('input, select, textarea, button')))) break;
      words = `${p.nodeType === 1 ? (T.visible(p) ? T.text(p, 120) : '') : p.nodeType === 3 ? p.data : ''} ${words}`;
      if (p.localName === 'label' && T.squeeze(words)) break;
    }
    return T.squeeze(words).slice(0, 120);
  };
  const labelOf = (el) => {
    let n = T.name(el);
    const hint = T.squeeze(el.getAttribute('placeholder'));
    if (n && n !== hint) return n;
    const row = T.parent(el), cell = cellOf(el), above = row && row.previousElementSibling;
    const flat = cell === el && before(el);
    if (flat && WORD.test(flat) && (!n || (el.previousElementSibling && el.previousElementSibling.localName === 'label'))) return flat;
    // a label that stands above it says more than the example in it, tied to it or not
    const said = (cell !== el && cell.querySelector && cell.querySelector('label, legend')) || (above && above.localName === 'label' ? above : null);
    if (said) n = T.squeeze(T.text(said, 120)) || n;
    if (n) return n.slice(0, 120);
    if (!n && row) n = T.squeeze(T.text(row, 120));
    if (!WORD.test(n)) n = '';
    if (!n && row && row.previousElementSibling) n = T.squeeze(T.text(row.previousElementSibling, 120));
    if (!n && el.previousElementSibling) n = T.squeeze(T.text(el.previousElementSibling, 120));
    if (!n) n = T.squeeze(T.text(cell, 120));
    return (n || '').slice(0, 120);
  };
  // fields without a form element belong together when they share the nearest box that also holds a button
  const pressers = (scope) => {
    const found = [];
    T.walk(scope, (x) => { const why = T.clickable(x); if (why && x.localName !== 'a' && T.visible(x) && !T.fieldRole(x)) { found.push(x); return false; } return undefined; });
    return found;
  };
  const groupOf = (el) => {
    for (let n = T.parent(el), i = 0; n && n !== document.body && i < 7; n = T.parent(n), i++) if (pressers(n).length) return n;
    return null;
  };
  const submitsOf = (group) => pressers(group).slice(0, 12).map(idOf);
  const MUST = /(^|[\s_-])(is-|--)?required([\s_-]|$)|asterisk/i;
  const starred = (x) => ['::before', '::after'].some((which) => /[*＊]/.test(css(x, which).content));
  const requiredField = (el, label) => {
    if (el.required || el.getAttribute('aria-required') === 'true' || /[*＊]\s*[:：]?\s*$|^\s*[*＊]/.test(label)) return true;
    if (el.labels && [...el.labels].some((l) => /[*＊]/.test(l.textContent) || starred(l))) return true;
    const cell = cellOf(el), marked = (x) => MUST.test(typeof x.className === 'string' ? x.className : '') || (x.localName === 'label' && (starred(x) || /[*＊]/.test(x.textContent)));
    let must = false;
    if (cell !== el) T.walk(cell, (x) => { must = must || marked(x); return must ? false : undefined; });
    const p = T.parent(el);
    return must || (!!p && MUST.test(typeof p.className === 'string' ? p.className : ''));
  };

  const lines = (t) => t.split('\n').map(T.squeeze).filter(Boolean).join('\n');

  // a short thing with data of its own inside something that listens for presses: its press is handled there
  // what a script may look for; a framework's scopes and a tester's handles are on everything
  const marks = (el) => Object.keys(el.dataset || {}).filter((k) => !/^(v|svelte|react|styled|emotion|s)[A-Z-]|^(v|reactid|reactroot|testid|test|testId|qa|cy|automationId)$/.test(k));
  const marked = (el) => {
    if (!el.dataset || !marks(el).length || el.childElementCount > 3 || el.getElementsByTagName('*').length > 6) return false;
    if (el.querySelector('a, button, input, select, textarea, summary') || !T.listenedFor(el)) return false;
    const t = T.squeeze(T.text(el, 400));
    return t.length > 0 && t.length <= 30;
  };

  // bare words inside something that listens for presses: they may be pressed, and nothing but their words says so
  const framework = (el) => Object.keys(el).some((k) => k.startsWith('__reactContainer') || k === '_reactRootContainer');
  const heard = new WeakMap();
  const listens = (el) => {
    if (heard.has(el)) return heard.get(el);
    let yes = false;
    for (let n = el, i = 0; n && n !== document.documentElement && i < 14; n = T.parent(n), i++) {
      if (framework(n)) { yes = false; break; } // such a page tells its pressable parts by themselves
      if (T.handles(n)) yes = true;
    }
    heard.set(el, yes);
    return yes;
  };
  const bare = (el) => {
    if (el.childElementCount > 1 || !/^(div|span|li|td|p|b|strong|em|h[2-6])$/.test(el.localName) || !T.parent(el) || !listens(T.parent(el))) return false;
    const t = T.squeeze(T.text(el, 60));
    return t.length > 0 && t.length <= 24 && ![...el.getElementsByTagName('*')].some((x) => T.clickable(x) || marked(x));
  };

  // a link to nowhere that says it is a button, or what it unfolds, is no link
  const acts = (el, role) => /^(#|javascript:.*)?$/i.test(el.getAttribute('href').trim()) && (role === 'button' || el.hasAttribute('aria-expanded'));

  // the words a short control stands beside: its nearest box that says more than what can be pressed in it
  const around = (el, name) => {
    let found = '';
    for (let p = T.parent(el), i = 0; p && p !== document.body && i < (name ? 3 : 1); p = T.parent(p), i++) {
      const t = T.squeeze(T.text(p, 240));
      if (t.length >= 240) break;
      if (t === name) continue;
      found = t;
      let said = 0;
      for (const k of p.getElementsByTagName('*')) if (T.clickable(k)) said += T.squeeze(T.text(k, 240)).length;
      if (t.length - said > 5) break;
    }
    return found;
  };

  // what lets presses through to what lies under it, with all that is in it
  const deaf = (el, s) => {
    if (s.pointerEvents !== 'none') return false;
    let hears = false;
    T.walk(el, (x) => { if (x !== el && css(x).pointerEvents !== 'none') hears = true; return hears ? false : undefined; });
    return !hears;
  };

  // a veil laid over the page, through which the page is still seen
  const veil = (el, s, area) => {
    if (s.position !== 'absolute' || area < 0.5 * window.innerWidth * window.innerHeight) return false;
    const alpha = /^rgba\(.*,\s*([\d.]+)\)$/.exec(s.backgroundColor);
    if (!(alpha && alpha[1] > 0.05 && alpha[1] < 0.98) && (s.backdropFilter || 'none') === 'none') return false;
    const top = document.elementFromPoint(window.innerWidth / 2, window.innerHeight / 2);
    return !!top && T.contains(el, top);
  };

  // a small box in front of something translucent that lies over the whole window
  const beforeVeil = (r) => {
    const alpha = (s) => /^rgba\(.*,\s*([\d.]+)\)$/.exec(s.backgroundColor);
    for (let n = document.elementFromPoint(Math.max(2, r.left - 12), r.top + r.height / 2), i = 0; n && i < 4; n = T.parent(n), i++) {
      const s = css(n), q = rect(n), a = alpha(s);
      if (/fixed|absolute/.test(s.position) && q.width * q.height > 0.6 * window.innerWidth * window.innerHeight && a && a[1] > 0.05 && a[1] < 0.98) return true;
    }
    return false;
  };

  // one short thing: at most two pieces of text in it
  const single = (k) => T.squeeze(T.text(k, 80)).length <= 40 && [...k.getElementsByTagName('*')].filter((x) => !x.childElementCount && T.squeeze(x.textContent)).length <= 2;

  T.see = (opts) => {
    const o = opts || {};
    const vw = window.innerWidth, vh = window.innerHeight;
    T.afresh(); // a transition changes what is visible without telling anybody
    const talk = T.conversation();
    const panel = talk ? T.panel() : null;
    const controls = [];
    const fields = [];
    const overlays = [];
    const headings = [];
    const frames = [];
    const delegated = new WeakSet();
    const stack = [[document.documentElement, { region: '', overlay: -1, fixed: false, heading: '' , prose: false, closedDetails: false }]];
    let elements = 0, bares = 0;
    let lastHeading = '';
    const live = talk && talk.log ? talk.log : null;
    while (stack.length && elements < 120000) {
      const [el, ctx] = stack.pop();
      elements++;
      const n = el.localName;
      if (n === 'script' || n === 'style' || n === 'noscript' || n === 'template' || n === 'head' || n === 'link' || n === 'meta') continue;
      const s = css(el);
      if (s.display === 'none') continue;
      const role = T.role(el);
      let region = REGION[role] || ctx.region;
      if (n === 'header' || n === 'footer') { // only a page's own header and footer are landmarks
        let inside = false;
        for (let p = T.parent(el); p; p = T.parent(p)) if (/^(article|main|section|aside|nav)$/.test(p.localName)) { inside = true; break; }
        if (inside) region = ctx.region;
      }
      let overlay = ctx.overlay;
      const isDialog = role === 'dialog' || role === 'alertdialog' || (n === 'dialog' && el.open);
      const r = rect(el);
      const whole = n === 'body' || n === 'html'; // scroll locks fix the whole page; that makes no overlay of it
      const fixed = ctx.fixed || (s.position === 'fixed' && !whole) || (s.position === 'sticky' && r.bottom > vh * 0.6 && r.top > vh * 0.5);
      const itself = /^(a|button|summary)$/.test(n) || role === 'button'; // a tall button at the edge lies over nothing but itself
      if (overlay < 0 && !whole && !itself && (isDialog || s.position === 'fixed' || (s.position === 'sticky' && r.top > vh * 0.5) || (s.position === 'absolute' && parseInt(s.zIndex, 10) >= 10 && (r.width * r.height > vw * vh * 0.12 || (r.width * r.height > vw * vh * 0.02 && beforeVeil(r)))) || veil(el, s, r.width * r.height))) {
        const area = Math.max(0, Math.min(r.right, vw) - Math.max(r.left, 0)) * Math.max(0, Math.min(r.bottom, vh) - Math.max(r.top, 0));
        const header = region === 'header' || region === 'nav' || (r.top <= 2 && r.height < 140 && !isDialog && !!(el.querySelector && el.querySelector('nav, [role=navigation], ul li a')));
        const chat = talk && ((talk.log && T.contains(el, talk.log)) || (talk.anyBox && T.contains(el, talk.anyBox)));
        if (!header && !chat && T.visible(el) && (isDialog || area > vw * vh * 0.02)) {
          overlay = overlays.length;
          overlays.push({ id: idOf(el), dialog: isDialog, modal: el.getAttribute('aria-modal') === 'true' || (n === 'dialog' && el.matches(':modal')), text: T.squeeze(T.text(el, 700)), name: T.name(el).slice(0, 120), rect: T.box(el), share: vw * vh ? area / (vw * vh) : 0, fixed: s.position === 'fixed', tokens: `${el.id} ${typeof el.className === 'string' ? el.className : ''}`.slice(0, 160) });
        }
      }
      if (/^h[1-6]$/.test(n) || role === 'heading') { const t = T.squeeze(T.text(el, 160)); if (t) { lastHeading = t; if (headings.length < 60) headings.push(t); } }
      if (n === 'iframe' || n === 'frame') { frames.push({ id: idOf(el), rect: T.box(el), fixed, overlay, visible: T.visible(el), title: T.squeeze(el.title || el.getAttribute('aria-label') || ''), name: el.name || '', src: el.src || '' }); continue; }
      const isField = /^(input|textarea|select)$/.test(n) && !/^(button|submit|reset|image|hidden)$/.test((el.type || '').toLowerCase()) || (el.isContentEditable && el.getAttribute('contenteditable') !== null);
      if (isField) {
        if (T.visible(el) || ((el.type === 'radio' || el.type === 'checkbox' || el.type === 'file') && T.parent(el) && T.visible(T.parent(el)))) {
          const label = labelOf(el);
          const form = el.form || (el.closest && el.closest('form')) || null;
          const place = talk ? talk.place(el) : 'outside';
          const group = form || groupOf(el);
          fields.push({ group: group ? idOf(group) : 0, submits: group ? submitsOf(group) : [], id: idOf(el), kind: kindOfField(el), tag: n, label, hint: T.squeeze(el.getAttribute('placeholder')).slice(0, 120), required: requiredField(el, label), filled: (n === 'select' ? listed(el) : !!(el.value && !/^(radio|checkbox)$/.test(el.type))) || el.checked === true, form: form ? idOf(form) : 0, search: n !== 'textarea' && (el.type === 'search' || role === 'searchbox' || region === 'search' || !!(el.closest && el.closest('[role=search], search')) || /(^|[-_\s\[])(q|s|search|query|keywords?|wd|kw)([-_\s\]]|$)/i.test(`${el.name || ''}`) || !!(form && /search/i.test(`${form.getAttribute('action') || ''} ${form.className || ''} ${form.id || ''}`))), place, region, overlay, rect: T.box(el), disabled: T.disabled(el), options: n === 'select' ? [...el.options].slice(0, 40).map((x) => T.squeeze(x.text)) : [], box: !!(talk && talk.anyBox === el) });
        }
        continue;
      }
      const why = T.clickable(el) || (delegated.has(el) || marked(el) ? 'delegated' : bares < 400 && !(live && T.contains(live, el)) && bare(el) ? 'bare' : '');
      if (why === 'bare') bares++;
      let skip = false;
      if (why && controls.length < MAX_CONTROLS) {
        // a wrapper that hands its press to the field inside is not a control
        let container = why !== 'native' && why !== 'role' && holdsField(el);
        if (!container && why !== 'native' && why !== 'role' && why !== 'delegated' && why !== 'bare') {
          // a region that listens for its children is not itself a control
          let inner = 0;
          T.walk(el, (x) => { if (x !== el && (T.clickable(x) === 'native' || T.clickable(x) === 'role' || (T.clickable(x) && T.squeeze(T.text(x, 80)))) && T.visible(x)) { inner++; return false; } return inner > 1 ? false : undefined; });
          const named = T.squeeze(T.text(el, 200)).length;
          // so is one whose parts each carry what the listener looks for
          if (why === 'handler' && inner === 0 && named > 8) {
            const told = new Map();
            let most = 0;
            T.walk(el, (x) => {
              if (x === el || !T.visible(x) || !marked(x)) return most > 1 ? false : undefined;
              for (const key of marks(x)) { const texts = told.get(key) || new Set(); texts.add(T.squeeze(T.text(x, 60))); told.set(key, texts); most = Math.max(most, texts.size); }
              return false;
            });
            if (most > 1) inner = most;
          }
          // one listener on a bar of like things: each of them is the control
          const parts = why === 'handler' && inner === 0 ? [...T.children(el)].filter((k) => T.visible(k) && T.squeeze(T.text(k, 60))) : [];
          if (parts.length >= 2 && parts.every(single) && new Set(parts.map((k) => k.localName)).size === 1 && !/^(span|b|i|em|strong|p|br|svg|img|small|font)$/.test(parts[0].localName)) { for (const k of parts) delegated.add(k); inner = parts.length; }
          container = inner >= 1 || (r.width > vw * 0.7 && r.height > vh * 0.5) || (why === 'tabindex' && named > 120) || el === live;
          if (el.getAttribute('role') === 'log' || role === 'main' || role === 'article' || isDialog || role === 'form') container = true;
        }
        if (!container && T.visible(el)) {
          const name = T.name(el);
          const q = rect(T.body(el));
          const cx = q.left + q.width / 2, cy = q.top + q.height / 2;
          const inView = cx >= 0 && cy >= 0 && cx <= vw && cy <= vh;
          let covered = false;
          if (inView) {
            let top = document.elementFromPoint(cx, cy);
            for (let i = 0; top && i < 8; i++) { const root = T.rootOf(top); const deeper = root && root.elementFromPoint ? root.elementFromPoint(cx, cy) : null; if (!deeper || deeper === top) break; top = deeper; }
            covered = !!top && !T.contains(el, top) && !T.contains(top, el);
            if (top && T.contains(top, el) && top !== el && T.rootOf(top)) covered = false;
          }
          let prose = false;
          if (n === 'a' && s.display === 'inline') { const p = T.parent(el); let links = 0; if (p) for (const k of p.getElementsByTagName('a')) links += T.squeeze(T.text(k, 200)).length; const words = p ? T.squeeze(T.text(p, 400)).length - links : 0; prose = words > (p && p.getElementsByTagName('a').length > 2 ? 90 : 24) && !/^(footer|nav|header|menu)$/.test(region); } // a row of links is no prose
          const place = talk ? talk.place(el) : 'outside';
          let context = '';
          if (!name || name.length < 6 || el.localName === 'button') context = around(el, name);
          controls.push({ id: idOf(el), role: role || (why === 'native' ? n : ''), why, tag: n, name, title: T.squeeze(el.getAttribute('title') || ''), href: (n === 'a' || n === 'area') && el.getAttribute('href') && !acts(el, role) ? el.href : '', target: n === 'a' ? (el.target || '') : '', rect: T.box(el), region, overlay, fixed, disabled: T.disabled(el) || deaf(el, s), covered, inView, prose, place, inTalk: !!panel && T.contains(panel, el), shown: T.shown(el).slice(0, 200), lead: T.lead(el), textless: !T.shown(el) && !(n === 'input' && el.type !== 'image' && T.squeeze(el.value || '')), heading: lastHeading, context, expanded: el.getAttribute('aria-expanded') || (n === 'summary' ? String(!!(T.parent(el) && T.parent(el).open)) : ''), popup: el.getAttribute('aria-haspopup') || '', pressed: el.getAttribute('aria-pressed') || '', selected: el.getAttribute('aria-selected') || el.getAttribute('aria-current') || '', submit: (n === 'button' || n === 'input') && !!el.form && (el.type === 'submit' || el.type === 'image'), form: el.form ? idOf(el.form) : 0, round: parseFloat((T.body(el) === el ? s : css(T.body(el))).borderTopLeftRadius) >= Math.min(q.width, q.height) * 0.35, tokens: `${el.id} ${typeof el.className === 'string' ? el.className : ''}`.slice(0, 120) });
          skip = true;
        }
      }
      if (n === 'svg') continue;
      const kids = T.children(el);
      if (!skip || why === 'handler' || why === 'cursor') {
        const next = { region, overlay, fixed, heading: '', prose: false };
        for (let i = kids.length - 1; i >= 0; i--) {
          if (skip && !/^(a|button|input|textarea|select)$/.test(kids[i].localName) && kids[i].childElementCount === 0) continue;
          stack.push([kids[i], next]);
        }
      }
    }
    const main = document.querySelector('main, [role=main]') || document.body;
    return {
      title: document.title, url: location.href, lang: document.documentElement.lang || '', ready: document.readyState, elements,
      controls, fields, overlays, headings, frames,
      text: main ? lines(T.text(main, o.text || 8000)) : '', all: document.body ? lines(T.text(document.body, 8000)) : '',
      images: main ? [...document.images].filter((i) => T.visible(i) && i.naturalWidth >= 60).slice(0, 30).map((i) => ({ alt: T.squeeze(i.alt), src: (i.getAttribute('src') || '').slice(0, 200), w: i.naturalWidth, h: i.naturalHeight })) : [],
      dir: css(document.documentElement).direction, viewport: { w: vw, h: vh }, height: document.documentElement.scrollHeight, version: T.version(),
      conversation: talk ? { box: !!talk.box, log: !!talk.log, id: talk.box ? idOf(talk.box) : 0, label: talk.box ? T.name(talk.box) : '' } : null,
      weak: T.weakBoxes().map((w) => ({ id: idOf(w.box), score: w.score, why: w.why, label: T.name(w.box), enabled: w.enabled })),
    };
  };

  // where to press when the middle of a control belongs to what it stands in: on its words, else around them; null: its
  // middle; 'inside': it has no size, what it holds is pressed
  T.spot = (el) => {
    if (T.body(el) !== el) return 'inside';
    el.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const middle = (q) => [q.left + q.width / 2, q.top + q.height / 2];
    const box = el.getBoundingClientRect();
    const hit = document.elementFromPoint(...middle(box));
    if (!hit || el.contains(hit) || !hit.contains(el)) return null;
    const words = document.createRange();
    words.selectNodeContents(el);
    for (const q of words.getClientRects()) {
      const [x, y] = middle(q);
      if (q.width > 2 && q.height > 2 && el.contains(document.elementFromPoint(x, y))) return { x: x - box.left, y: y - box.top };
    }
    return 'around';
  };
})();
