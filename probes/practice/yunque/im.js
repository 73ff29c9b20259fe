// Full-page chat for phones: polls once a second; the queue line is rewritten in place.
const sid = crypto.randomUUID();
const flow = document.getElementById('flow'), txt = document.getElementById('txt'), go = document.getElementById('go');
let n = 0, queueLine = null;
const post = (path, body) => fetch('/m/api/' + path, { method: 'POST', body: JSON.stringify({ sid, at: Date.now(), ...body }) });

function row(role, text) {
  const item = document.createElement('div');
  item.className = 'msg ' + role;
  if (role !== 'user') {
    const who = document.createElement('small');
    who.textContent = (role === 'robot' ? '智能客服小雀 ' : '坐席 沈佳 ') + new Date().toTimeString().slice(0, 5);
    item.append(who);
  }
  const bubble = document.createElement('div');
  bubble.className = 'bubble';
  bubble.textContent = text;
  item.append(bubble);
  flow.append(item);
  item.scrollIntoView();
}
function queue(item) {
  if (!queueLine) {
    queueLine = document.createElement('div');
    queueLine.className = 'queue';
    queueLine.innerHTML = '<span></span><button type="button">取消排队</button>';
    queueLine.lastChild.addEventListener('click', () => { tapped('press', '取消排队'); post('quit', {}); });
    flow.append(queueLine);
  }
  queueLine.firstChild.textContent = item.text;
  if (!item.live) { queueLine.lastChild.remove(); queueLine = null; }
  flow.lastChild.scrollIntoView();
}
function take(item) {
  n = item.n;
  if (item.kind === 'msg') row(item.role, item.text);
  else if (item.kind === 'queue') queue(item);
  else { const tip = document.createElement('div'); tip.className = 'tip'; tip.textContent = item.text; flow.append(tip); }
}
async function pull() {
  try { (await (await fetch(`/m/api/pull?sid=${sid}&n=${n}`)).json()).forEach(take); } catch (e) { /* the next round tries again */ }
  setTimeout(pull, 700);
}
function send() {
  const text = txt.value.trim();
  if (!text) return;
  row('user', text);
  post('send', { text });
  txt.value = '';
  go.disabled = true;
}
txt.addEventListener('input', () => { go.disabled = !txt.value.trim(); });
txt.addEventListener('keyup', (event) => { if (event.key === 'Enter') send(); });
go.addEventListener('click', send);
post('open', {}).then(pull);
