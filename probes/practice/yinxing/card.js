(function () {
  var ws, $ = document.getElementById.bind(document);
  function click(label) { navigator.sendBeacon('/card/click', JSON.stringify({ k: 'press', w: label, at: Date.now() })); }
  Array.prototype.forEach.call(document.querySelectorAll('center a'), function (a) { a.addEventListener('click', function () { click(a.textContent); }); });
  function row(author, text, own) {
    var tr = $('tb').insertRow(), left = tr.insertCell(), right = tr.insertCell();
    var who = own ? right : left, what = own ? left : right;
    who.className = 'face'; what.className = own ? 'mine' : 'hers';
    who.appendChild(document.createTextNode(own ? '我' : '美'));
    if (!own) what.appendChild(Object.assign(document.createElement('i'), { textContent: author }));
    what.appendChild(Object.assign(document.createElement('span'), { textContent: text }));
    $('tb').parentNode.scrollTop = 1e5;
  }
  $('kf').addEventListener('click', function () {
    $('pop').style.display = '';
    if (ws) return;
    ws = new WebSocket(location.origin.replace('http', 'ws') + '/card/line');
    ws.onmessage = function (m) {
      var e = JSON.parse(m.data);
      if (e.kind === 'writing') $('ing').style.visibility = e.on ? 'visible' : 'hidden';
      else row(e.author, e.text, false);
    };
  });
  $('min').addEventListener('click', function () { click('最小化'); $('pop').style.display = 'none'; });
  function say() {
    var text = $('say').value;
    if (!text.trim() || ws.readyState !== 1) return;
    ws.send('SAY ' + Date.now() + ' ' + text);
    row('', text, true);
    $('say').value = '';
  }
  $('btn').addEventListener('click', say);
  $('say').addEventListener('keydown', function (e) { if (e.keyCode === 13 && !e.isComposing) say(); });
})();
