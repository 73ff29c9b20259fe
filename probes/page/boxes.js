// Message boxes: which fields of this frame may be one, what speaks against it (a search, a letter), and the log above.
// Which of them the conversation has is conversation.js's business.
(() => {
  const T = window.__tohuman;
  const css = T.native.getComputedStyle;
  const { rect, tokens, scrolls, floats, hasText: textIn } = T;
  const SEARCH = /(^|[-_\s\[])(q|s|search|query|keywords?|wd|kw)([-_\s\]]|$)/i;

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
      // what scrolls far above a box that already has words beside it belongs to the page, not to the box; answers to
      // press may stand between them, however many
      const above = fallback && choicesOnly(fallback.el) ? rect(fallback.el).top : b.top;
      if (grade >= 2 && (!fallback || (above - r.bottom < 240 && a !== document.body))) return { el, grade, owner: a };
      if (grade === 1 && r.height >= 48 && textIn(el) && (!fallback || (choicesOnly(fallback.el) && !choicesOnly(el)))) fallback = { el, grade, owner: a };
      if (fallback && depth >= 3 && !choicesOnly(fallback.el)) return fallback;
    }
    return fallback || (panel && !bound ? behindBar(box, panel) : null);
  };
  // a bar fixed at the foot of the page lies over the end of what it belongs to: that is the tallest thing of the page
  // beside it, if there are bubbles in it
  const behindBar = (box, bar) => {
    const b = rect(box);
    let best = null;
    T.walk(document.body, (el) => {
      if (T.contains(el, box)) return undefined;
      const n = el.localName, r = rect(el);
      if (n === 'script' || n === 'style' || n === 'svg' || n === 'header' || n === 'nav' || n === 'footer' || floats(el)) return false;
      if (r.top < b.top - 48 && r.right > b.left && r.left < b.right && r.height >= 48 && T.visible(el) && (!best || r.height > rect(best).height)) best = el;
      return false;
    });
    if (!best || !textIn(best) || !T.messagesOf(best).bubbles) return null;
    let owner = T.parent(best);
    while (owner && !T.contains(owner, bar)) owner = T.parent(owner);
    return { el: best, grade: 1, owner: owner || document.body };
  };

  T.boxes = { entries, isSearch, siblingsInForm, letterBox, pressablesNear, logFor };
})();
