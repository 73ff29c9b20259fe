// Under an article: solved or not; not solved reveals the way to the staff, and that opens the room.
const host = document.getElementById('vote');
const room = 'r' + Math.random().toString(36).slice(2);
const state = component(host, { step: 'ask', lines: [] }, (s) => {
  if (s.step === 'ask') return '<p class="hs-dim">以上内容解决您的问题了吗?</p><button data-do="yes">已解决</button> <button data-do="no">没有解决</button>';
  if (s.step === 'thanks') return '<p class="hs-dim">感谢反馈。</p>';
  if (s.step === 'offer') return '<p class="hs-dim">抱歉没有帮到您。</p><button data-do="staff" class="hs-strong">转人工服务</button>';
  return `<div class="hs-room"><div class="hs-list" role="log">${s.lines.map((l) => (l.kind === 'event'
    ? `<div class="hs-event">${safe(l.text)}</div>`
    : `<div class="hs-say ${l.by ? '' : 'own'}">${l.by ? `<cite>${safe(l.by)}</cite>` : ''}<span>${safe(l.text)}</span></div>`)).join('')}</div>
    <div class="hs-write"><input aria-label="描述" placeholder="请输入内容"><button data-send>发送</button></div></div>`;
});
async function listen() {
  for (let from = 0; ;) {
    const news = await fetch(`/jiezhen/${room}?from=${from}`).then((r) => r.json()).catch(() => []);
    if (news.length) { from = news[news.length - 1].n; state.lines = state.lines.concat(news); } else await new Promise((r) => setTimeout(r, 200));
  }
}
function send() {
  const input = host.querySelector('input');
  const text = input.value.trim();
  input.value = '';
  if (text) fetch('/jiezhen/' + room, { method: 'POST', body: JSON.stringify({ text, at: Date.now() }) });
}
host.addEventListener('click', (event) => {
  const what = event.target.dataset;
  if (what.do === 'yes') state.step = 'thanks';
  if (what.do === 'no') state.step = 'offer';
  if (what.do === 'staff') { state.step = 'room'; listen(); }
  if ('send' in what) send();
});
host.addEventListener('keydown', (event) => { if (event.key === 'Enter' && event.target.tagName === 'INPUT') send(); });
