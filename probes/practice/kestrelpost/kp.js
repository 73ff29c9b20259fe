const ping = (what) => navigator.sendBeacon('/support/ping', JSON.stringify({ k: 'press', w: what, at: Date.now() }));
document.querySelectorAll('a, summary').forEach((e) => e.addEventListener('click', () => ping(e.textContent)));
document.getElementById('start').addEventListener('click', () => {
  ping('Start a chat');
  const desk = document.getElementById('desk');
  desk.innerHTML = `<section class="talk"><div class="said" aria-live="polite"></div>
    <div class="ask"><textarea rows="1" aria-label="Your line" placeholder="Your line"></textarea><button type="button" aria-label="Send line">➤</button></div></section>`;
  const said = desk.querySelector('.said'), area = desk.querySelector('textarea');
  const bubble = (by) => {
    const row = document.createElement('div');
    row.className = by;
    row.innerHTML = by === 'kit' ? '<b>Kit (bot)</b><p></p>' : '<p></p>';
    said.append(row);
    said.scrollTop = said.scrollHeight;
    return row.querySelector('p');
  };
  async function turn(text) {
    const response = await fetch('/support/ask', { method: 'POST', body: JSON.stringify({ text, at: Date.now() }) });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '', target = null;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (rest + value).split('\n\n');
      rest = parts.pop();
      for (const part of parts) {
        const data = JSON.parse(part.slice(6));
        target = target || bubble('kit');
        if (data.word) target.append((target.textContent ? ' ' : '') + data.word);
        if (data.closed) {
          const leave = document.createElement('a');
          leave.href = '/support/leave-a-message';
          leave.textContent = 'Leave a message';
          leave.className = 'pill';
          leave.addEventListener('click', () => ping('Leave a message'));
          target.after(leave);
        }
        said.scrollTop = said.scrollHeight;
      }
    }
  }
  const send = () => {
    const text = area.value.trim();
    if (!text) return;
    area.value = '';
    bubble('guest').textContent = text;
    turn(text);
  };
  desk.querySelector('button').addEventListener('click', send);
  area.addEventListener('keydown', (e) => { if (e.key === 'Enter' && !e.shiftKey) { e.preventDefault(); send(); } });
  turn('');
});
