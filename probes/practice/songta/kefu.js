// Window of the old school: XMLHttpRequest twice a second, rows of a table.
function ajax(method, url, body, done) {
  var x = new XMLHttpRequest();
  x.onreadystatechange = function () { if (x.readyState === 4) done(x.status === 200 ? x.responseText : ''); };
  x.open(method, url, true);
  if (body) x.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
  x.send(body);
}
function escapeText(text) { var d = document.createElement('div'); d.appendChild(document.createTextNode(text)); return d.innerHTML; }
function addRow(row) {
  from = row.n;
  if (row.kind === 'end') {
    document.f.content.disabled = true;
    document.f.ok.disabled = true;
    return;
  }
  var tr = document.getElementById('rows').insertRow(-1);
  tr.className = row.mine ? 'mine' : (row.speaker === '系统提示' ? 'sys' : 'them');
  tr.innerHTML = '<td width="90" valign="top" class="by">' + escapeText(row.speaker) + '</td><td><div class="txt">' + escapeText(row.text) + '</div></td>';
  var pane = document.getElementById('pane');
  pane.scrollTop = pane.scrollHeight;
}
function fetchRows() {
  ajax('GET', 'chat.do?no=' + no + '&from=' + from + '&t=' + new Date().getTime(), null, function (text) {
    var list = text ? eval('(' + text + ')') : [];
    for (var i = 0; i < list.length; i++) if (list[i].n > from) addRow(list[i]);
    setTimeout(fetchRows, 500);
  });
}
function say() {
  var text = document.f.content.value;
  if (text.replace(/\s/g, '') !== '') {
    ajax('POST', 'chat.do', 'no=' + no + '&at=' + new Date().getTime() + '&content=' + encodeURIComponent(text), function () {});
    document.f.content.value = '';
  }
  return false;
}
function key(event) {
  if (event.keyCode === 13 && !event.shiftKey) { say(); return false; }
  return true;
}
fetchRows();
