// The counter in this frame: groups the trusted input events of one gesture, says what was pressed, whether that
// activated anything and whether anything changed. It only listens; what counts as what is measures.py's business.
(() => {
  const T = window.__tohuman;
  if (!T) return;
  if (T.arm) { T.arm(); return; } // the same window a second time (an initial about:blank that was navigated)
  const emit = T.emit;
  delete T.emit;
  const { addEventListener: add, setTimeout: later, getComputedStyle: css, now } = T.native;
  const WATCH = 1000; // ms in which a press may show an effect
  const CAUSAL = 300; // ms in which a press on something without any trait must show one
  const DOUBLE = 700; // ms between two presses of one control that are one intention (by the events' own stamps)
  const STALE = 800; // ms after release in which a click still belongs to its press
  const BUSY = 2000; // ms: what moved by itself this recently is no answer to a press
  const CHECKS = [40, 160, 320, 480, 640, WATCH];
  const POST = 450; // ms in which a chat that only came with the press may show what was pressed as the consumer's words
  const FAKES = 30; // scripted presses told one by one; the rest as a number

  // pages break their own window, by accident or on purpose: what one question can't answer must not cost the gesture
  const attempt = (ask, otherwise) => { try { return ask(); } catch (e) { return otherwise; } };
  const rectOf = Function.prototype.call.bind(Element.prototype.getBoundingClientRect);

  // ---- what is under the finger
  const FIELD_TYPES = /^(checkbox|radio|range|color|date|time|month|week|datetime-local|file)$/;
  const FIELD_ROLES = /^(checkbox|radio|switch|slider|spinbutton|combobox)$/;
  const entry = (el) => {
    const tag = el.localName;
    if (tag === 'select' || tag === 'optgroup' || (tag === 'option' && el.closest('select'))) return 'field';
    if (tag === 'input') {
      if (FIELD_TYPES.test(el.type)) return 'field';
      if (/^(button|submit|reset|image|hidden)$/.test(el.type)) return '';
      return el.readOnly ? 'option' : 'text'; // a read-only input opens a picker, or is a picture of a search field
    }
    if (tag === 'textarea' || el.isContentEditable) return 'text';
    const role = (el.getAttribute('role') || '').trim().toLowerCase();
    if (FIELD_ROLES.test(role)) return 'field';
    if (role === 'option') return 'option';
    return role === 'textbox' || role === 'searchbox' ? 'text' : '';
  };
  const large = (el, share) => { const r = rectOf(el); return r.width * r.height > share * window.innerWidth * window.innerHeight; };
  // a weak trait on something that holds other controls, or fills the window, belongs to a container
  const container = (el) => {
    if (window === window.top && large(el, 0.4)) return true;
    if (/^(dialog|alertdialog|main|form|log|region|document|application|tabpanel|group|list|listbox|menu)$/.test(T.role(el))) return true;
    return !!el.querySelector('a[href],button,input,select,textarea,summary,[role=button],[role=link],[contenteditable]');
  };
  const pressed = (el) => {
    let weak = null;
    for (let n = el, i = 0; n && i < 60; n = T.parent(n), i++) {
      const kind = entry(n);
      if (kind) return { el: n, cls: kind };
      if (n.localName === 'label' && n.control) return { el: n.control, cls: entry(n.control) || 'strong' };
      const why = attempt(() => T.clickable(n), '');
      if (why === 'native' || why === 'role') return { el: n, cls: 'strong' };
      // a listener or a tab stop that nothing shows (no pointing hand) may be anybody's: such a press counts by its effect
      if (why && !weak && !container(n)) weak = { el: n, cls: css(n).cursor === 'pointer' ? 'weak' : 'faint' };
    }
    return weak || { el, cls: 'none' };
  };
  const single = (el) => el.localName === 'input';
  // the innermost element of an event: seen from the window, a closed root hides it behind its host
  const deep = (e) => {
    let t = e.composedPath()[0] || e.target;
    const at = e.touches && e.touches[0] ? e.touches[0] : e;
    for (let i = 0; i < 20 && t && t.nodeType === 1; i++) {
      const root = T.rootOf(t);
      if (!root) break;
      const inner = at.clientX || at.clientY ? root.elementFromPoint(at.clientX, at.clientY) : root.activeElement;
      if (!inner || inner === t || !root.contains(inner)) break;
      t = inner;
    }
    return t && t.nodeType === 1 ? t : document.body || document.documentElement;
  };

  // ---- the conversation, as far as a gesture needs it
  const talk = () => attempt(T.conversation, null);
  const rows = () => attempt(() => { const t = T.talk(); return t.messages.map((m) => ({ ...m, rtl: t.rtl })); }, []);
  // `strict`: in a bubble on the consumer's side; what names a chat that is just coming up may be its title
  const echoes = (list, text, strict = false) => {
    const want = T.squeeze(text);
    if (!want) return 0;
    return list.filter((m) => {
      const got = T.squeeze(m.text);
      const own = m.side === (m.rtl ? 'start' : 'end');
      if (strict && !(own && m.bubble)) return false;
      return own ? got === want || (got.includes(want) && got.length <= want.length + 40) : m.side !== (m.rtl ? 'end' : 'start') && got === want;
    }).length;
  };

  // ---- gestures
  const live = []; // gestures that are still watched, oldest first
  let latest = null;
  let first = null; // the last press that was no repetition, for the double press
  let serial = 0;
  let hands = 0; // trusted presses of any key or button so far: what moved the focus after another one was not this one
  let trusted = null; // the last trusted event: while its phase is not 0 the page's handlers for it are running
  let faked = null;
  const STATES = ['aria-expanded', 'aria-pressed', 'aria-selected', 'aria-checked', 'aria-disabled', 'aria-current', 'disabled', 'open', 'value'];
  const state = (el) => STATES.map((a) => el.getAttribute(a)).join('|') + '|' + (el.checked === true) + '|' + (el.localName === 'select' ? el.value : '');
  const words = (g) => {
    const el = g.cls === 'none' ? g.target : g.el;
    return {
      id: g.id, twin: g.twin, kind: g.kind, cls: g.cls, key: g.key, label: g.label, role: T.role(el), tag: el.localName,
      href: typeof el.href === 'string' ? el.href : '', place: g.place, clicked: g.clicked, submitted: g.submitted, effect: g.effect, near: g.near,
    };
  };
  const placeOf = (el, c = talk()) => (c && c.place ? attempt(() => c.place(el), 'outside') : 'outside');
  const nameOf = (el) => attempt(() => T.name(el), '');
  const look = (g, target, found) => {
    const c = talk();
    Object.assign(g, { target, el: found.el, cls: found.cls });
    const own = found.cls === 'none' ? target : found.el;
    g.label = g.key === 'Escape' ? '' : found.cls === 'none' ? attempt(() => T.squeeze(T.text(own, 200)), '').slice(0, 80) : nameOf(own);
    g.place = placeOf(own, c);
    g.before = state(own);
    const box = c ? attempt(c.boxText, '') : '';
    // a message may also be typed where no conversation stands yet (a home screen that asks "how can we help?")
    g.text = g.kind === 'key' && found.cls === 'text' ? (found.el.value === undefined ? T.squeeze(found.el.innerText || '') : found.el.value) : box;
    if (found.el.type === 'password') g.text = '';
    const list = c ? rows() : [];
    g.spoke = !!c; // a conversation stood here when it was pressed
    g.echo = { label: echoes(list, g.label), text: echoes(list, g.text) };
    const r = rectOf(own);
    g.at = [r.left, r.top];
    g.wide = large(target, 0.25);
    g.twin = twinOf(g);
  };
  const open = (kind, target, found, e, key = '') => {
    for (const g of live) if (!g.heard) { glance(g, talk()); g.heard = true; }
    const g = { id: `${Math.round(performance.timeOrigin)}.${++serial}`, kind, key, t0: now(), last: now(), up: 0, stamp: e.timeStamp, upStamp: 0, event: e, clicked: false, submitted: false, cancelled: false, selecting: false, effect: false, near: false, early: false, soon: false, crowd: 0, maybe: new Set(), url: location.href, focus: T.active(), hands, said: '', posted: false, vanished: false, led: false, differs: false, over: false };
    look(g, target, found);
    live.push(g);
    latest = g;
    if (live.length > 20) close(live[0], null);
    emit('gesture', { phase: 'open', ...words(g), wall: performance.timeOrigin + g.t0 });
    schedule(g);
    return g;
  };
  // the same control again, as one does out of impatience; what sends a text is never a repetition
  const twinOf = (g) => {
    if (g.key === 'Escape') return '';
    const p = first;
    const same = p && p !== g && !g.text && g.stamp - p.stamp < DOUBLE && (p.el === g.el || (!p.el.isConnected && p.label === g.label && p.el.localName === g.el.localName && Math.hypot(p.at[0] - g.at[0], p.at[1] - g.at[1]) < 8));
    if (same) return p.id;
    if (g.cls !== 'text') first = g;
    return '';
  };
  const tell = (g) => emit('gesture', { phase: 'more', ...words(g) });
  const schedule = (g) => {
    const since = g.last = now();
    for (const ms of CHECKS) later(() => { if (g.last === since && !g.over) check(g, ms >= WATCH); }, ms);
  };

  // ---- effects: what moved because of the press, and not by itself
  const moved = new WeakMap(); // node -> when it last moved by itself, at most three times, newest first
  const beats = (node, t) => { const m = moved.get(node); return m ? m.filter((at) => t - at < 2 * BUSY).length : 0; };
  const restless = (node, t) => beats(node, t) > 1 && t - moved.get(node)[0] < BUSY;
  const remember = (node, t) => {
    if (document.readyState === 'loading') return;
    const m = moved.get(node);
    if (!m) moved.set(node, [t]);
    else { if (t - m[0] > 80) m.unshift(t); else m[0] = t; if (m.length > 3) m.pop(); }
  };
  const recent = []; // for a press in another frame: what moved here lately
  const SKIP = /^(script|style|link|meta|title|head|noscript|template|base)$/;
  const shown = (n) => n.nodeType === 3 ? !!n.data.trim() : n.nodeType === 1 && !SKIP.test(n.localName) && T.visible(n) && (n.offsetWidth > 2 || !!n.textContent.trim());
  const weigh = (r) => {
    // what this record shows a person: 'add', 'remove', 'attr', 'text' or nothing
    const el = r.target.nodeType === 3 ? r.target.parentElement : r.target.nodeType === 11 ? r.target.host : r.target.nodeType === 9 ? r.target.documentElement : r.target;
    if (!el || SKIP.test(el.localName)) return null;
    if (r.type === 'childList') {
      for (const n of r.addedNodes) if (shown(n) && (n.nodeType === 1 || T.visible(el))) return { el, kind: n.nodeType === 1 ? 'add' : 'text' };
      for (const n of r.removedNodes) if ((n.nodeType === 1 && !SKIP.test(n.localName)) || (n.nodeType === 3 && n.data.trim())) if (T.visible(el)) return { el, kind: n.nodeType === 1 ? 'remove' : 'text' };
      return null;
    }
    if (r.type === 'attributes' && r.oldValue === r.target.getAttribute(r.attributeName)) return null;
    if (T.visible(el)) return { el, kind: r.type === 'attributes' ? 'attr' : 'text' };
    const p = T.parent(el); // it may just have been hidden: then its parent is still there
    return r.type === 'attributes' && p && T.visible(p) ? { el, kind: 'hide' } : null;
  };
  const feel = (g, r, t, fresh, answering) => {
    if (g.effect && (g.near || g.cls !== 'none')) return;
    if (++g.crowd > 300) return;
    const target = r.target;
    if (g.cls !== 'none' && T.contains(g.el, target.nodeType === 3 ? target.parentElement : target)) return; // its own ripples; its state and name are compared at the end
    const w = weigh(r);
    if (!w) return;
    if (!fresh && !(w.kind === 'add' && t - g.last < 150)) return;
    // words and looks that change by themselves are told from an answer by changing again and again
    if (!answering && (w.kind === 'text' || (w.kind === 'attr' && r.attributeName !== 'open'))) {
      g.maybe.add(r.target);
      if (g.cls !== 'none' || g.wide) return;
    } else if (!g.effect) { g.effect = true; tell(g); } // at once: there may be no later
    if (!g.up && !(w.kind === 'attr' && T.contains(w.el, g.el))) g.early = true;
    if (t - g.last > CAUSAL) return;
    g.soon = g.soon || g.effect;
    const everything = w.el === document.body || w.el === document.documentElement;
    if (w.kind === 'add' || (!everything && (T.contains(w.el, g.target) || ((answering || !g.wide) && T.contains(g.target, w.el))))) g.near = true;
  };
  const watching = new WeakSet();
  const observer = new T.native.MutationObserver((records) => {
    try {
      const t = now();
      const g = live.length ? live[live.length - 1] : null;
      const answering = !!inHandler(); // between two listeners of one trusted event: the page's answer to it, surely
      const prompted = faked && faked.walker && t - faked.t < CAUSAL; // a walker's script pressed: this did not move by itself
      // with no gesture under way only the end of a large batch is worth remembering
      const from = g || records.length < 200 ? 0 : records.length - 64;
      for (let i = 0; i < from; i++) if (records[i].target === document) T.arm();
      for (let i = from; i < records.length; i++) {
        const r = records[i];
        if (r.target === document && r.type === 'childList') T.arm(); // document.open() has taken our listeners
        const fresh = answering || !restless(r.target, t);
        if (g) feel(g, r, t, fresh, answering);
        if (!prompted && (!g || (!answering && (r.type !== 'childList' || [...r.addedNodes].every((n) => n.nodeType === 3))))) remember(r.target, t);
        if (fresh) { recent.push({ t, r }); if (recent.length > 64) recent.shift(); }
      }
    } catch (e) { /* never let the page feel us */ }
  });
  const OBSERVE = { subtree: true, childList: true, characterData: true, attributes: true, attributeOldValue: true, attributeFilter: ['class', 'style', 'hidden', 'open', 'disabled', 'src', 'aria-expanded', 'aria-hidden', 'aria-selected', 'aria-checked', 'aria-pressed', 'aria-disabled', 'aria-current'] };
  // asked by Python when a press in another frame of the page showed nothing there; wall: epoch ms of that press
  T.stirred = (wall) => {
    const from = wall - performance.timeOrigin;
    let any = '';
    for (const { t, r } of recent) {
      if (t < from || t > from + WATCH + 100) continue;
      const w = weigh(r);
      if (!w) continue;
      if (t - from < CAUSAL + 100) return 'near';
      any = 'late';
    }
    return any;
  };

  // ---- the verdict
  const gone = (el) => !el.isConnected || !attempt(() => T.visible(el), true);
  // what has become of the control, the address, the box: looked at until the next gesture begins, whose doing it may then be
  const glance = (g, c) => {
    if (g.heard) return;
    const own = g.cls === 'none' ? g.target : g.el;
    g.vanished = g.vanished || (gone(own) && own !== document.body && own !== document.documentElement);
    g.led = g.led || location.href !== g.url;
    const focus = T.active();
    const focused = hands === g.hands && focus !== g.focus && focus !== own && focus && entry(focus) === 'text';
    g.differs = g.scrolled || focused || state(own) !== g.before || (g.cls !== 'none' && nameOf(own) !== g.label);
    if (g.said || !g.text || (g.cls === 'text' && g.kind !== 'key')) return;
    const cleared = g.place !== 'outside' && c && c.anyBox && attempt(c.boxText, null) === '';
    if (cleared || echoes(c ? rows() : [], g.text) > g.echo.text) g.said = g.text;
  };
  const check = (g, final, leaving = false) => {
    try {
      const c = talk();
      glance(g, c);
      if (!g.posted && !g.said && c && g.label && g.cls !== 'text' && echoes(rows(), g.label, !g.spoke) > g.echo.label) g.posted = true;
      const perhaps = (final || g.cls === 'none') && [...g.maybe].some((node) => beats(node, now()) < 3);
      const changed = g.effect || perhaps || g.vanished || g.led || g.differs || !!g.said || g.posted;
      const pending = (g.text && !g.said && g.cls !== 'none') || (c && g.label && !g.posted && !g.said && g.cls !== 'text' && (g.spoke || now() - g.last < POST));
      const released = g.kind === 'key' ? g.key !== ' ' || g.up : g.up || g.clicked;
      if (!final && !(changed && released && !pending && now() - g.last >= 150)) return;
      if (leaving && g.text && g.submitted && g.place !== 'outside') g.said = g.said || g.text;
      if (leaving) { close(g, changed || (g.heard ? false : null), true); return; } // who led away, and where, the browser knows
      if (final && !released && now() - g.t0 < 8000) { later(() => check(g, true), WATCH); return; } // held down
      close(g, changed);
    } catch (e) { close(g, null); }
  };
  const close = (g, changed, leaving = false) => {
    if (g.over) return;
    g.over = true;
    live.splice(live.indexOf(g), 1);
    let act = false, field = false;
    const { vanished, led } = g;
    if (g.kind === 'pointer') {
      const pressedAnyway = vanished || g.early; // launchers that answer to pointerdown never see a click
      const clicked = g.clicked && !g.selecting;
      const off = g.selecting || (g.cancelled && !g.clicked);
      if (off) act = false;
      else if (g.cls === 'strong' || g.cls === 'weak') act = clicked || pressedAnyway;
      else if (g.cls === 'faint') act = (clicked || pressedAnyway) && changed !== false;
      else if (g.cls === 'field') field = clicked || changed === true || g.el.localName === 'select';
      else if (g.cls === 'option') { if (g.place === 'outside' && !led) field = clicked || pressedAnyway; else act = clicked || pressedAnyway; }
      else if (g.cls === 'none') act = (clicked && (vanished || g.near || led)) || (!clicked && (vanished || (g.early && g.near)));
    } else if (g.key === 'Escape') act = g.soon;
    else if (g.cls === 'text') act = g.submitted || !!g.said || led || (g.place !== 'box' && single(g.el) && changed === true);
    else if (g.cls === 'field') { act = g.submitted; field = !act && (g.key === ' ' || changed === true); }
    else if (g.cls === 'strong') act = g.clicked || g.key === 'Enter' || T.role(g.el) !== 'link';
    else if (g.cls === 'option') { act = led || g.place !== 'outside'; field = !act; }
    else if (g.cls === 'none') act = g.clicked || g.near || led;
    else act = g.clicked || changed === true;
    if (g.posted && g.kind === 'pointer' && g.clicked) { act = true; field = false; }
    // another program, or a file the browser fetches without a word before it comes
    const external = g.cls === 'strong' && g.el.localName === 'a' && (g.el.hasAttribute('download') || !/^(https?|javascript|file|blob|data|about):/.test(g.el.protocol || 'https:'));
    emit('gesture', { phase: 'done', leaving, ...words(g), act, field, changed: changed === false && (external || g.crowd > 300) ? null : changed, said: g.said, posted: g.posted });
  };

  // ---- raw events
  const inHandler = () => trusted && trusted.eventPhase !== 0;
  let fakes = 0, fakeLast = null, fakeTold = 0;
  // the page's own scripts have an address in the stack; what a walker evaluates, and a console, have none
  const byPage = () => /:\/\/|about:(blank|srcdoc)|blob:|data:/.test(new Error().stack || '');
  // until the script that faked it has run to its end, what comes is its doing
  const afterwards = Promise.prototype.then.bind(Promise.resolve());
  const turn = (what) => { afterwards(() => { what.now = false; }); };
  const fake = (e, target, again) => {
    if (e.type === 'click' && latest && inHandler()) {
      // the page's own handler presses on: part of the gesture it answers
      latest.clicked = true;
      if (latest.cls === 'none') latest.near = latest.effect = true;
      return;
    }
    const found = pressed(target);
    const t = now();
    faked = { t, el: found.el, now: true };
    turn(faked);
    if (byPage()) return; // a page that opens its own chat costs nothing and fakes nothing
    faked.walker = true;
    if (!again && fakeLast && fakeLast.el === found.el && (fakeLast.by.now || t - fakeLast.t < 50) && (fakeLast.type !== e.type || fakeLast.target !== target)) return; // one dispatch of down, up and click
    const id = again && fakeLast ? fakeLast.id : `f${++serial}`;
    fakeLast = { el: found.el, target, t, type: e.type, id, by: faked };
    if (!again && ++fakes > FAKES) { if (fakes - fakeTold >= 500 || fakes === FAKES + 1) tellFakes(); return; }
    emit('scripted', { id, label: nameOf(found.el), role: T.role(found.el), tag: found.el.localName, href: String(found.el.href || ''), place: placeOf(found.el), event: e.type });
  };
  const tellFakes = () => { fakeTold = fakes; emit('scripted_more', { total: fakes }); later(() => { if (fakes > fakeTold) tellFakes(); }, 1000); };

  const down = (e, target, again) => {
    if (e.type === 'pointerdown' ? e.button > 1 || !e.isPrimary : e.button > 1) return;
    if (again) { if (latest && latest.event === e && latest.target !== target) { look(latest, target, pressed(target)); tell(latest); } return; }
    // mousedown and touchstart repeat what pointerdown said; alone they come only where listeners were lost for a moment
    if (e.type !== 'pointerdown' && latest && latest.kind === 'pointer' && e.timeStamp - (latest.upStamp || latest.stamp) < WATCH) return;
    const g = open('pointer', target, pressed(target), e);
    g.from = [e.clientX || 0, e.clientY || 0];
  };
  const up = (e) => {
    const g = latest;
    if (!g || g.kind !== 'pointer' || g.up) return;
    g.up = now();
    g.upStamp = e.timeStamp;
    const far = Math.hypot((e.clientX || 0) - g.from[0], (e.clientY || 0) - g.from[1]) > 8;
    if (far && g.cls !== 'field' && String(window.getSelection() || '').trim()) g.selecting = true;
    // pressed and released on one control: nothing else is needed (disabled ones, and those redrawn meanwhile, fire no click)
    if (g.cls !== 'none' && !(far && e.pointerType === 'touch') && T.contains(g.el, deep(e))) g.clicked = true;
    if (!g.over) schedule(g);
  };
  const click = (e, target) => {
    let g = latest;
    if (faked && faked.now) return; // a faked press on a label fires a trusted click on its field
    if (!g || e.timeStamp - (g.upStamp || g.stamp) > STALE) {
      g = open(e.detail ? 'pointer' : 'key', target, pressed(target), e, e.detail ? '' : 'click');
      g.up = g.last;
    } else if (g.kind === 'pointer') {
      const found = pressed(target);
      if (found.el !== g.el && !T.contains(g.el, target)) {
        if (g.clicked) return; // a label presses its field
        if (found.cls !== 'none') look(g, target, found);
        else if (g.cls !== 'none') return; // dragged away
      }
    } else if (g.cls === 'text' || (g.cls === 'field' && g.el !== target)) g.submitted = true; // Enter pressed the submit button
    g.clicked = true;
    if (g.over) return;
    tell(g);
    schedule(g);
  };
  const key = (e, target, again) => {
    if (e.isComposing || e.keyCode === 229 || e.repeat || e.altKey || e.metaKey) return;
    if (e.key !== 'Enter' && e.key !== ' ' && e.key !== 'Escape') return;
    const kind = entry(target);
    const why = T.clickable(target);
    const cls = kind || (why === 'native' || why === 'role' ? 'strong' : why ? 'weak' : 'none');
    if (e.key === ' ' && (cls === 'text' || cls === 'none' || target.localName === 'a')) return;
    if (again) { if (latest && latest.event === e && latest.target !== target) { look(latest, target, { el: target, cls }); tell(latest); } return; }
    if (e.key === 'Escape') { open('key', document.body || target, { el: document.body || target, cls: 'none' }, e, e.key).place = placeOf(target); return; } // it closes something, wherever the focus is
    open('key', target, { el: target, cls }, e, e.key);
  };
  const change = (e, target) => {
    if (entry(target) !== 'field') return;
    const g = latest;
    if (faked && faked.now && faked.el === target) return; // a faked press has told it
    if (g && g.el === target && (!g.over || g.cls === 'field')) return; // its own press has told it
    emit('field', { id: `c${++serial}`, label: nameOf(target), role: T.role(target), tag: target.localName, place: placeOf(target), trusted: e.isTrusted });
  };
  const submit = (e, target) => {
    const g = latest;
    if (g && now() - g.last < STALE) { g.submitted = true; if (!g.over) { tell(g); schedule(g); } return; }
    fake(e, target, false);
  };
  const seen = new WeakMap();
  const hear = (e) => {
    try {
      if (!watching.has(document)) T.arm();
      switch (e.type) {
        case 'load': case 'DOMContentLoaded': return;
        case 'scroll': if (latest && !latest.over && latest.clicked && now() - wheel > 500) latest.scrolled = true; return;
        case 'wheel': case 'touchmove': wheel = now(); return;
        case 'pagehide': for (const g of [...live]) check(g, true, true); return;
        default:
      }
      if (e.isTrusted && MARKS.has(e.type)) { trusted = e; return; }
      const target = deep(e);
      const again = seen.has(e);
      if (again && seen.get(e) === target) return;
      seen.set(e, target);
      if (!e.isTrusted) {
        if (e.type === 'change') change(e, target);
        else if (/^(click|mousedown|pointerdown|touchstart)$/.test(e.type) || (e.type === 'keydown' && e.key === 'Enter')) fake(e, target, again);
        return;
      }
      trusted = e;
      if (!again && (e.type === 'keydown' || e.type === 'pointerdown')) hands++;
      switch (e.type) {
        case 'pointerdown': case 'mousedown': case 'touchstart': down(e, target, again); break;
        case 'pointerup': up(e); break;
        case 'pointercancel': if (latest && latest.kind === 'pointer') { latest.cancelled = true; latest.up = now(); latest.upStamp = e.timeStamp; } break;
        case 'click': click(e, target); break;
        case 'auxclick': if (e.button === 1) click(e, target); break;
        case 'keydown': key(e, target, again); break;
        case 'keyup': if (latest && latest.kind === 'key' && latest.key === e.key && !latest.up) { latest.up = now(); latest.upStamp = e.timeStamp; if (!latest.over) schedule(latest); } break;
        case 'submit': submit(e, target); break;
        case 'change': change(e, target); break;
        default:
      }
    } catch (err) { /* never let the page feel us */ }
  };
  let wheel = -1e9;
  const MARKS = new Set(['mouseup', 'touchend', 'keypress', 'input', 'focusin']); // only known to be running
  const HEARD = [...MARKS, 'pointerdown', 'mousedown', 'touchstart', 'pointerup', 'pointercancel', 'click', 'auxclick', 'keydown', 'keyup', 'submit', 'change'];
  // a popup's first address comes into the window of its empty document: same listeners, another document
  const QUIET = ['scroll', 'wheel', 'touchmove', 'pagehide', 'DOMContentLoaded', 'load'];
  const listen = (where, types) => { for (const type of types) add.call(where, type, hear, { capture: true, passive: true }); };
  // adding the same listener twice is nothing; after document.open() it is everything
  T.arm = () => {
    listen(window, HEARD);
    listen(window, QUIET);
    if (!watching.has(document)) { watching.add(document); observer.observe(document, OBSERVE); }
  };
  T.arm();
  T.onRoot((root) => { listen(root, HEARD); observer.observe(root, OBSERVE); });

  // ---- what only the page knows: it asked for its history, or closed its window, by itself
  const hint = (owner, name, type) => {
    const was = owner && owner[name];
    if (typeof was !== 'function') return;
    const told = new Proxy(was, { apply(target, self, args) { emit(type, { name }); return Reflect.apply(target, self, args); } });
    try { Object.defineProperty(owner, name, { ...Object.getOwnPropertyDescriptor(owner, name), value: told }); } catch (e) { /* frozen: then proximity must do */ }
  };
  for (const name of ['back', 'forward', 'go']) hint(History.prototype, name, 'history');
  if (window.Navigation) for (const name of ['back', 'forward', 'traverseTo']) hint(window.Navigation.prototype, name, 'history');
  hint(window, 'close', 'selfclose');
})();
