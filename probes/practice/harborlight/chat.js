// The chat panel: a tiny virtual DOM (describe, compare, patch) fed by a WebSocket.
(function () {
  'use strict';
  var root = document.getElementById('chat');
  var state = { open: false, lines: [], typing: null, draft: '' };
  var shown = null;
  var socket = null;

  function h(tag, props) {
    return { tag: tag, props: props || {}, kids: Array.prototype.slice.call(arguments, 2).flat().filter(Boolean) };
  }
  function make(node) {
    if (typeof node === 'string') return document.createTextNode(node);
    var element = document.createElement(node.tag);
    apply(element, {}, node.props);
    node.kids.forEach(function (kid) { element.appendChild(make(kid)); });
    return element;
  }
  function apply(element, before, after) {
    Object.keys(before).forEach(function (name) {
      if (name in after) return;
      if (name.slice(0, 2) === 'on') element[name] = null; else element.removeAttribute(name);
    });
    Object.keys(after).forEach(function (name) {
      if (before[name] === after[name]) return;
      if (name.slice(0, 2) === 'on') element[name] = after[name];
      else if (name === 'value') { if (element.value !== after.value) element.value = after.value; }
      else if (name === 'disabled') element.disabled = after.disabled;
      else element.setAttribute(name, after[name]);
    });
  }
  function patch(parent, at, before, after) {
    if (before === undefined || before === null) { parent.appendChild(make(after)); return; }
    var element = parent.childNodes[at];
    if (typeof before === 'string' || typeof after === 'string' || before.tag !== after.tag || before.props.key !== after.props.key) {
      if (before !== after) parent.replaceChild(make(after), element);
      return;
    }
    apply(element, before.props, after.props);
    var i;
    for (i = 0; i < after.kids.length; i++) patch(element, i, before.kids[i], after.kids[i]);
    for (i = before.kids.length - 1; i >= after.kids.length; i--) element.removeChild(element.childNodes[i]);
  }

  function clock(time) { return new Date(time).toTimeString().slice(0, 5); }
  function line(item) {
    if (item.who === 'note') return h('div', { 'class': 'hl-note', key: 'n' + item.n }, item.text);
    return h('div', { 'class': 'hl-row hl-' + item.who, key: 'l' + item.n },
      item.who === 'me' ? null : h('span', { 'class': 'hl-face', 'aria-hidden': 'true' }, item.name.charAt(0)),
      h('div', { 'class': 'hl-bubble' },
        item.who === 'me' ? null : h('div', { 'class': 'hl-name' }, item.name + (item.who === 'bot' ? ' · virtual assistant' : ' · care crew')),
        h('p', {}, item.text), h('time', {}, clock(item.time))));
  }
  function view() {
    if (!state.open) return h('div', {});
    return h('div', { 'class': 'hl-panel', role: 'dialog', 'aria-label': 'Harborlight chat' },
      h('div', { 'class': 'hl-head' }, h('strong', {}, 'Harborlight chat'),
        h('button', { type: 'button', 'aria-label': 'Minimise', onclick: function () { pulse('press', 'Minimise'); set({ open: false }); } }, '–')),
      h('div', { 'class': 'hl-log', role: 'log', 'aria-live': 'polite' }, state.lines.map(line),
        state.typing ? h('div', { 'class': 'hl-typing', key: 'typing' }, state.typing + ' is typing…') : null),
      h('form', { 'class': 'hl-box', onsubmit: send },
        h('input', { type: 'text', 'aria-label': 'Write a message', placeholder: 'Write a message', autocomplete: 'off', value: state.draft,
          oninput: function (event) { state.draft = event.target.value; } }),
        h('button', { type: 'submit' }, 'Send')));
  }
  function set(change) {
    Object.assign(state, change);
    var next = h('div', {}, view());
    if (shown === null) root.appendChild(make(next)); else patch(root, 0, shown, next);
    shown = next;
    var log = root.querySelector('.hl-log');
    if (log) log.scrollTop = log.scrollHeight;
  }
  function send(event) {
    event.preventDefault();
    var text = state.draft.trim();
    if (!text || !socket || socket.readyState !== 1) return;
    socket.send(JSON.stringify({ say: text, at: Date.now() }));
    set({ draft: '' });
  }
  function connect() {
    var id = Math.random().toString(36).slice(2);
    socket = new WebSocket('ws://' + location.host + '/ws?c=' + id);
    socket.onmessage = function (message) {
      var item = JSON.parse(message.data);
      if (item.kind === 'typing') set({ typing: item.on ? item.name : null });
      else { item.time = Date.now(); set({ lines: state.lines.concat([item]) }); }
    };
  }
  document.getElementById('open-chat').addEventListener('click', function () {
    pulse('press', 'Chat with us');
    if (!socket) connect();
    set({ open: true });
  });
})();
