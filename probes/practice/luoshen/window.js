// The popup: polls; the form takes the place of the box when the desk gives up.
var token = document.body.dataset.token, last = 0, words = document.getElementById('words'), foot = document.getElementById('foot'), thread = document.getElementById('thread');
function beacon(k, w) { navigator.sendBeacon('/care/e', JSON.stringify({ k: k, w: w, at: Date.now() })); }
function add(item) {
  last = item.n;
  if (item.kind === 'form') {
    foot.replaceChildren(document.getElementById('leave').content.cloneNode(true));
    foot.querySelector('form').addEventListener('change', function (event) { beacon('field', event.target.name); });
    foot.querySelector('form').addEventListener('submit', function () { beacon('press', '提交'); });
    return;
  }
  var li = document.createElement('li');
  li.className = item.kind;
  li.textContent = item.text;
  thread.appendChild(li);
  thread.scrollTop = thread.scrollHeight;
}
function look() {
  fetch('/care/talk?token=' + token + '&last=' + last).then(function (r) { return r.json(); }).then(function (all) { all.forEach(add); }).catch(function () {}).then(function () { setTimeout(look, 350); });
}
function send() {
  var text = words.value.trim();
  words.value = '';
  if (text) fetch('/care/talk', { method: 'POST', body: JSON.stringify({ token: token, text: text, at: Date.now() }) });
}
document.getElementById('send').onclick = send;
words.addEventListener('keypress', function (event) { if (event.key === 'Enter') { event.preventDefault(); send(); } });
look();
